package io.rackmark.runner.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command line that cannot be read: one sentence, and where the help stands. */
final class WrongWords implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException fault, String[] arguments) {
        CommandLine command = fault.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("rackmark: " + Terminal.safe(String.valueOf(fault.getMessage())));
        UnmatchedArgumentException.printSuggestions(fault, err);
        if (command.getSubcommands().isEmpty()) {
            err.println("See " + command.getCommandSpec().qualifiedName() + " --help");
        } else {
            command.usage(err); // its commands are what is missing
        }
        return ExitCode.USAGE;
    }
}
