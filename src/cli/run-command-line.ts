import { Command, CommanderError, type Command as Loaded } from 'commander';
import { Refusal } from '../runtime/refusal.ts';
import { readVersion } from '../runtime/version.ts';
import { commands } from './commands.ts';

/** Runs one command and resolves to the exit code: 0, 1 when it could not be done, 2 when it was asked for wrongly. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const program = new Command('dispatchai')
    .description('GitHub issues in, a triaged queue out, over an event log whose data can be trusted.')
    .version(readVersion())
    .helpCommand(false)
    .showHelpAfterError('(dispatchai --help lists the commands)')
    .exitOverride();
  // Only the command that is asked for is loaded: the others would cost --help half a second.
  for (const { name, summary, load } of commands) {
    const command: Loaded =
      name === args[0] ? (await load()).description(summary) : new Command(name).description(summary);
    program.addCommand(inherit(command));
  }
  try {
    if (args.length === 0) program.help();
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return exitCodeOf(error);
  }
}

function inherit(command: Command): Command {
  command.exitOverride();
  for (const each of command.commands) inherit(each as Command);
  return command;
}

function exitCodeOf(error: unknown): number {
  // Commander has said what is wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 || error.code === 'commander.help' ? 0 : 2;
  if (error instanceof Refusal) {
    console.error(`dispatchai: ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof Error && (error.name === 'PortInUseError' || error.name === 'DamagedDatabaseError')) {
    console.error(`dispatchai: ${error.message}`);
    return 1;
  }
  console.error(error);
  return 1;
}
