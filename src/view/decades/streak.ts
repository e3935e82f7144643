import { dateText } from '../format.ts';
import { renderStreak, streakShape } from '../stories/streak.ts';
import { defineStoryView } from '../story-view.ts';

export default defineStoryView({
  story: 'streak',
  shape: streakShape,
  render: (value, page) => renderStreak(value, page, dateText),
});
