import { dateText } from '../format.ts';
import { renderRepeat, repeatShape } from '../stories/repeat.ts';
import { defineStoryView } from '../story-view.ts';

export default defineStoryView({
  story: 'repeat',
  shape: repeatShape,
  render: (value, page) => renderRepeat(value, page, dateText),
});
