import { erasShape, renderEras } from '../stories/era.ts';
import { defineStoryView } from '../story-view.ts';

export default defineStoryView({
  story: 'era',
  shape: erasShape,
  render: (eras, page) => renderEras(eras, '', page),
});
