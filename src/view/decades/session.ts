import { dateText } from '../format.ts';
import { renderSession, sessionShape } from '../stories/session.ts';
import { defineStoryView } from '../story-view.ts';

export default defineStoryView({
  story: 'session',
  shape: sessionShape,
  render: (value, page) => renderSession(value, page, dateText),
});
