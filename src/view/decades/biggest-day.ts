import { dateText } from '../format.ts';
import { biggestDayShape, renderBiggestDay } from '../stories/biggest-day.ts';
import { defineStoryView } from '../story-view.ts';

export default defineStoryView({
  story: 'biggest-day',
  shape: biggestDayShape,
  render: (value, page) => renderBiggestDay(value, page, dateText),
});
