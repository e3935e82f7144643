import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { stories } from '../../stories/index.ts';
import { runDecade } from '../decade/run.ts';
import { run } from '../engine/run.ts';
import { openWorkspace } from '../engine/workspace.ts';
import { withDatabase } from '../sql/database.ts';
import { duration, plural, say, talkColors } from './output.ts';
import { showProgress } from './progress.ts';
import { show } from './show.ts';

/** A small lake of a decade: the demo takes seconds. */
const DEMO = { users: 200, playsPerUser: 400, years: { from: 2010, to: 2019 }, seed: 2019 };
const DEFAULT_DIR = './wrapped-demo';

export const demoCommand = (): Command =>
  new Command('demo')
    .description("generate a small lake of a decade, compute everything, and show one user's Wrapped")
    .option('--dir <dir>', `where to put it (default: ${DEFAULT_DIR})`)
    .addHelpText('after', '\nExamples:\n  $ wrapped demo')
    .action(async ({ dir = DEFAULT_DIR }: { dir?: string }) => {
      const started = performance.now();
      const [lake, store] = [join(dir, 'lake'), join(dir, 'store')];
      await makeLake(lake);
      const workspace = await openWorkspace({ lake, store });
      const progress = await showProgress();
      try {
        const { outcomes } = await run(workspace, {
          stories,
          onEvent: (event) => process.stderr.isTTY && progress.on(event),
        });
        const decade = await runDecade(workspace, { stories, period: DEMO.years });
        progress.stop();
        say(
          `${plural(outcomes.length + decade.outcomes.length, 'column')} in ${store}, ${duration((performance.now() - started) / 1000)} in all\n`,
        );
        const user = await keenUser(workspace.store);
        await show(workspace.store, user, undefined, {}, stories);
        const { dim } = talkColors();
        // npm says so of what `npx` started; then there is no `wrapped` to be found without it.
        const wrapped = process.env.npm_command === 'exec' ? 'npx wrapped' : 'wrapped';
        say(
          [
            '',
            dim('Try next:'),
            `  ${wrapped} status --lake ${lake} --store ${store}`,
            `  ${wrapped} show ${user} --decade --store ${store}`,
            `  ${wrapped} show ${user} --year 2015 --store ${store}`,
            `  ${wrapped} export top-artist 2019 --format csv --store ${store}`,
            dim('Your own history:'),
            `  ${wrapped} import my_spotify_data.zip --user me && ${wrapped} run-all && ${wrapped} decade && ${wrapped} show me --decade`,
          ].join('\n'),
        );
      } finally {
        progress.stop();
        await workspace.close();
      }
    });

async function makeLake(lake: string): Promise<void> {
  if (existsSync(lake)) return say(`${lake} is there already`);
  const { generateLake } = await import('../lake/generate.ts');
  const report = await withDatabase((session) => generateLake({ ...DEMO, lake, session }));
  say(`${plural(report.plays, 'listen row')} of ${plural(report.users, 'user')} generated in ${lake}`);
}

/** The user with most minutes in the demo's last year, so that there is something to show. */
async function keenUser(store: Parameters<typeof show>[0]): Promise<string> {
  let keen = { user_id: '', minutes: -1 };
  for await (const rows of store.values({ story: 'minutes', period: String(DEMO.years.to) })) {
    for (const { user_id, value } of rows) {
      const minutes = (value as { minutes: number | null }).minutes ?? 0;
      if (minutes > keen.minutes) keen = { user_id, minutes };
    }
  }
  return keen.user_id;
}
