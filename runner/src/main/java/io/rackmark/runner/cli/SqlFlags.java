package io.rackmark.runner.cli;

import io.rackmark.runner.plan.SqlPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the text-to-SQL agent; each overrides its plan key. */
final class SqlFlags {
    @Option(
            names = "--questions",
            paramLabel = "NAME|FILE",
            description =
                    "question set: core, or a YAML or JSON file (plan: sql.questions,"
                            + " agent.questions)")
    private @Nullable String questions;

    @Option(
            names = "--database",
            paramLabel = "NAME|FILE",
            description = "sample, or a SQLite file (plan: sql.database, agent.database)")
    private @Nullable String database;

    @Option(
            names = "--strategy",
            paramLabel = "S",
            description = "agent, single-shot or baseline (plan: sql.strategy, agent.strategy)")
    private @Nullable String strategy;

    @Option(
            names = "--schema",
            paramLabel = "S",
            description = "compact or ddl (plan: sql.schema, agent.schema)")
    private @Nullable String schema;

    @Option(
            names = "--trim",
            description =
                    "show only the tables a question seems to need (plan: sql.trim, agent.trim)")
    private boolean trim;

    @Option(
            names = "--max-repairs",
            paramLabel = "N",
            description = "repair turns, 0 to 2 (plan: sql.max-repairs, agent.max-repairs)")
    private @Nullable Integer maxRepairs;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "most output tokens per turn (plan: sql.max-tokens, agent.max-tokens)")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "only the first N questions (plan: sql.limit, agent.limit)")
    private @Nullable Integer limit;

    SqlPlan override(SqlPlan plan) {
        return new SqlPlan(
                plan.repeats(),
                questions == null ? plan.questions() : questions,
                database == null ? plan.database() : database,
                strategy == null ? plan.strategy() : strategy,
                schema == null ? plan.schema() : schema,
                trim || plan.trim(),
                maxRepairs == null ? plan.maxRepairs() : maxRepairs,
                maxTokens == null ? plan.maxTokens() : maxTokens,
                limit == null ? plan.limit() : limit);
    }
}
