import { Command } from 'commander';
import { version } from '../package.ts';
import { checkCommand } from './check.ts';
import { decadeCommand } from './decade.ts';
import { demoCommand } from './demo.ts';
import { exportCommand } from './export.ts';
import { forgetCommand } from './forget.ts';
import { generateCommand } from './generate.ts';
import { importCommand } from './import.ts';
import { planCommand } from './plan.ts';
import { publishCommand } from './publish.ts';
import { runCommand } from './run.ts';
import { runAllCommand } from './run-all.ts';
import { showCommand } from './show.ts';
import { statusCommand } from './status.ts';
import { storeCommand } from './store.ts';
import { storiesCommand } from './stories.ts';
import { verifyCommand } from './verify.ts';

/** The command line as commander knows it: what `--help` prints and tests hold the docs to. */
export function buildProgram(): Command {
  const program = new Command('wrapped')
    .description(
      "Everyone's Wrapped: turns listening histories into a row of data stories per user and year.",
    )
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showSuggestionAfterError()
    .showHelpAfterError('(--help tells more)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Your own history:
  $ wrapped import my_spotify_data.zip --user me --timezone Europe/Berlin
  $ wrapped run-all
  $ wrapped show me

A first look:
  $ wrapped demo`,
    );
  for (const command of [
    demoCommand(),
    importCommand(),
    generateCommand(),
    checkCommand(),
    runCommand(),
    runAllCommand(),
    decadeCommand(),
    planCommand(),
    publishCommand(),
    showCommand(),
    statusCommand(),
    storeCommand(),
    storiesCommand(),
    exportCommand(),
    verifyCommand(),
    forgetCommand(),
  ]) {
    for (const one of [command, ...command.commands])
      one.helpOption('-h, --help', 'print help').exitOverride().showHelpAfterError('(--help tells more)');
    program.addCommand(command);
  }
  return program;
}
