package io.rackmark.runner.cli;

import io.rackmark.data.DataException;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.remote.RemoteException;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.model.ModelException;
import io.rackmark.runner.plan.AllSkippedException;
import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.server.ServerException;
import io.rackmark.runner.store.StoreException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into one sentence per fault and an exit code. */
final class Failures implements IExecutionExceptionHandler {
    /** Set to see the stack trace of an internal error. */
    private static final String TRACE = "RACKMARK_TRACE";

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        for (String fault : faults(e)) {
            err.println("rackmark: " + Terminal.safe(fault));
        }
        if (System.getenv(TRACE) != null) {
            e.printStackTrace(err);
        }
        err.flush();
        return code(e);
    }

    private static List<String> faults(Exception e) {
        return switch (e) {
            case PlanException plan -> plan.faults();
            case DataException data when !data.faults().isEmpty() -> data.faults();
            default ->
                    known(e)
                            ? List.of(Objects.requireNonNullElse(e.getMessage(), e.toString()))
                            : List.of(
                                    "internal error: %s; please report it with the output of %s=1"
                                            .formatted(e, TRACE));
        };
    }

    private static boolean known(Exception e) {
        return e instanceof DataException
                || e instanceof EngineException
                || e instanceof ModelException
                || e instanceof RemoteException
                || e instanceof ServerException
                || e instanceof StoreException
                || e instanceof WorkerException;
    }

    private static int code(WorkerException e) {
        EngineException.@Nullable Kind engine = e.engineKind();
        if (engine != null) {
            return code(engine);
        }
        return e.kind() == WorkerException.Kind.START ? ExitCode.ENVIRONMENT : ExitCode.FAILED;
    }

    private static int code(EngineException.Kind kind) {
        return switch (kind) {
            case UNAVAILABLE, OUT_OF_MEMORY -> ExitCode.ENVIRONMENT;
            case BAD_OPTION, BAD_MODEL, BAD_REQUEST, CONTEXT_OVERFLOW -> ExitCode.USAGE;
            case INTERNAL -> ExitCode.FAILED;
        };
    }

    private static int code(ServerException.Kind kind) {
        return switch (kind) {
            case UNAVAILABLE, PORT_IN_USE -> ExitCode.ENVIRONMENT;
            case EXITED, NOT_READY, REFUSED -> ExitCode.FAILED;
            case INTERRUPTED -> ExitCode.INTERRUPTED;
        };
    }

    private static int code(Exception e) {
        return switch (e) {
            case AllSkippedException _ -> ExitCode.FAILED;
            case PlanException _, DataException _ -> ExitCode.USAGE;
            case ModelException model ->
                    model.kind() == ModelException.Kind.ENVIRONMENT
                            ? ExitCode.ENVIRONMENT
                            : ExitCode.USAGE;
            case EngineException engine -> code(engine.kind());
            case WorkerException worker -> code(worker);
            case ServerException server -> code(server.kind());
            case StoreException _, RemoteException _ -> ExitCode.ENVIRONMENT;
            default -> ExitCode.FAILED;
        };
    }
}
