package io.rackmark.runner.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rackmark}: reads like a table of contents. */
@Command(
        name = "rackmark",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Which engine, on which box, gives correct answers fastest, cheapest and at the"
                        + " lowest power?",
        footer = {
            "",
            "Begin with:  rackmark run",
            "Exit codes:  0 done, 1 a gate or cell failed, 2 usage or configuration,",
            "             3 environment, 130 interrupted",
            "Environment: RACKMARK_CACHE  models and libraries (default ~/.cache/rackmark)",
            "             RACKMARK_STORE  result store (default results/rackmark.db)",
            "             HF_TOKEN        of a hub account, for gated models",
            "             RACKMARK_API_KEY  that clients of 'rackmark serve' must send"
        },
        subcommands = {
            RunCommand.class,
            AskCommand.class,
            ServeCommand.class,
            EnginesCommand.class,
            DoctorCommand.class,
            ModelsCommand.class,
            DataCommand.class,
            ResultsCommand.class,
            CompareCommand.class
        })
public final class Main implements Runnable {
    @Spec private CommandSpec spec;

    Main() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(args, out, err);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Runs one command and returns its exit code. */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(new WrongWords())
                .setExecutionExceptionHandler(new Failures())
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do");
    }
}
