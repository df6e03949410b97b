package io.rackmark.runner.plan;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a plan from YAML and reports every fault of its form at once. */
public final class PlanReader {
    /** Far above any plan, far below what could hurt. */
    private static final long MOST_BYTES = 1 << 20;

    static final Set<String> PLAN_KEYS =
            Set.of("name", "systems", "speed", "sql", "agent", "energy", "schedule", "cost");
    static final Set<String> SYSTEM_KEYS =
            Set.of(
                    "engine",
                    "model",
                    "precision",
                    "context",
                    "threads",
                    "device",
                    "options",
                    "provider",
                    "url",
                    "rpm",
                    "server");
    static final Set<String> SPEED_KEYS =
            Set.of(
                    "repeats",
                    "prompt-tokens",
                    "output-tokens",
                    "requests",
                    "warm-ups",
                    "depth",
                    "concurrency",
                    "steady-percent");
    static final Set<String> SQL_KEYS =
            Set.of(
                    "repeats",
                    "questions",
                    "database",
                    "strategy",
                    "schema",
                    "trim",
                    "max-repairs",
                    "max-tokens",
                    "limit");

    static final Set<String> AGENT_KEYS =
            Stream.concat(SQL_KEYS.stream(), Stream.of("concurrency", "rounds"))
                    .collect(Collectors.toUnmodifiableSet());

    static final Set<String> SCHEDULE_KEYS = Set.of("every", "for");

    static final Set<String> ENERGY_KEYS =
            Set.of("meters", "tdp-watts", "wall-csv", "idle-seconds");

    private final String file;
    private final List<String> faults = new ArrayList<>();

    private PlanReader(String file) {
        this.file = file;
    }

    /**
     * Reads a plan file.
     *
     * @throws PlanException naming file, line and column of every fault
     */
    public static Plan read(Path path) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw fault(path + " is larger than 1 MiB, which no plan is; check the path");
            }
            return parse(path.toString(), Files.readString(path));
        } catch (NoSuchFileException e) {
            throw fault("no plan at " + path + "; check the path");
        } catch (CharacterCodingException e) {
            throw fault(path + " is not UTF-8 text; save it as UTF-8");
        } catch (IOException e) {
            throw fault("cannot read the plan " + path + ": " + e.getMessage());
        }
    }

    /**
     * Reads a plan from text.
     *
     * @param file name used in messages
     */
    public static Plan parse(String file, String yaml) {
        PlanReader reader = new PlanReader(file);
        Plan plan = reader.plan(yaml);
        if (!reader.faults.isEmpty()) {
            throw new PlanException(reader.faults);
        }
        return plan;
    }

    private static PlanException fault(String message) {
        return new PlanException(List.of(message));
    }

    private Plan plan(String yaml) {
        Optional<Node> root = compose(yaml);
        if (root.isEmpty()) {
            throw fault(file + " holds no plan; name at least one of systems, speed, sql, agent");
        }
        YamlMap map = new YamlMap(file, "the plan", root.get(), PLAN_KEYS, faults);
        List<SystemPlan> systems =
                map.maps("systems", SYSTEM_KEYS).stream().map(PlanReader::system).toList();
        boolean none = !map.has("speed") && !map.has("sql") && !map.has("agent");
        return new Plan(
                map.text("name", "plan"),
                systems,
                none ? Defaults.speed() : speed(section(map, "speed", SPEED_KEYS)),
                none ? Defaults.sql() : sql(section(map, "sql", SQL_KEYS)),
                map.map("energy", ENERGY_KEYS).map(PlanReader::energy).orElseGet(Defaults::energy),
                agent(section(map, "agent", AGENT_KEYS)),
                map.map("schedule", SCHEDULE_KEYS).flatMap(PlanReader::schedule).orElse(null),
                map.map("cost", CostPlanReader.COST_KEYS)
                        .flatMap(CostPlanReader::read)
                        .orElse(null));
    }

    /** A workload; a schedule says how often it runs. */
    private static Optional<YamlMap> section(YamlMap map, String key, Set<String> known) {
        Optional<YamlMap> section = map.map(key, known);
        if (map.has("schedule")) {
            section.ifPresent(
                    workload ->
                            workload.refuse(
                                    List.of("repeats"),
                                    "does not go with 'schedule', whose probes are the repeats"));
        }
        return section;
    }

    private Optional<Node> compose(String yaml) {
        try {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(file).setMaxAliasesForCollections(0).build();
            return new Compose(settings).composeString(yaml);
        } catch (MarkedYamlEngineException e) {
            throw fault(
                    e.getProblemMark()
                                    .map(
                                            mark ->
                                                    "%s:%d:%d: "
                                                            .formatted(
                                                                    file,
                                                                    mark.getLine() + 1,
                                                                    mark.getColumn() + 1))
                                    .orElse(file + ": ")
                            + "not YAML: "
                            + e.getProblem());
        } catch (YamlEngineException | IllegalArgumentException e) {
            // The parser refuses some tags with an exception that is not its own.
            throw fault(file + ": not YAML: " + e.getMessage());
        }
    }

    private static SystemPlan system(YamlMap map) {
        Optional<YamlMap> server = map.map("server", ServerPlanReader.SERVER_KEYS);
        if (server.isPresent()) {
            return served(map, server.get());
        }
        if (map.has("provider") || map.has("url")) {
            return remote(map);
        }
        map.refuse(List.of("rpm"), "is for endpoints; engines of this machine have no limit");
        return new SystemPlan(
                map.text("engine", ""),
                map.text("model", Defaults.MODEL),
                map.texts("precision"),
                map.count("context", Defaults.CONTEXT_TOKENS, 0, 10_000_000),
                map.count("threads", 0, 0, 4096),
                map.text("device", Defaults.DEVICE),
                map.textMap("options"));
    }

    private static SystemPlan remote(YamlMap map) {
        String url = map.text("url", "");
        map.refuse(
                List.of("engine", "precision", "context", "threads", "device", "options"),
                "is for engines of this machine and says nothing of an endpoint");
        int perMinute = map.count("rpm", 0, 1, 100_000_000);
        return SystemPlan.remote(
                new RemotePlan(
                        map.text("provider", RemotePlan.CUSTOM),
                        url.isEmpty() ? null : url,
                        perMinute == 0 ? null : perMinute,
                        null),
                map.text("model", ""));
    }

    private static SystemPlan served(YamlMap map, YamlMap server) {
        map.refuse(
                SYSTEM_KEYS.stream().filter(key -> !key.equals("server")).sorted().toList(),
                "does not go with 'server'; write what concerns the server into it");
        ServerPlan plan = ServerPlanReader.read(server);
        return SystemPlan.remote(RemotePlan.of(plan), plan.model());
    }

    private static EnergyPlan energy(YamlMap map) {
        List<String> meters = map.texts("meters");
        String wallCsv = map.text("wall-csv", "");
        return new EnergyPlan(
                meters.isEmpty() ? List.of(Defaults.METERS) : meters,
                map.count("tdp-watts", 0, 1, 100_000),
                wallCsv.isEmpty() ? null : wallCsv,
                map.count("idle-seconds", Defaults.IDLE_SECONDS, 0, 3600));
    }

    private static @Nullable SpeedPlan speed(Optional<YamlMap> given) {
        return given.map(PlanReader::speed).orElse(null);
    }

    private static SpeedPlan speed(YamlMap map) {
        SpeedPlan unset = Defaults.speedWorkload();
        int tokens = PlanCheck.MOST_TOKENS;
        return new SpeedPlan(
                map.count("repeats", unset.repeats(), 1, 1000),
                map.counts("prompt-tokens", unset.promptTokens(), 1, tokens),
                map.counts("output-tokens", unset.outputTokens(), 2, tokens),
                map.count("requests", unset.requests(), 1, 100_000),
                map.count("warm-ups", unset.warmUps(), 0, 1000),
                map.counts("depth", unset.depths(), 0, tokens),
                map.counts("concurrency", unset.concurrency(), 1, PlanCheck.MOST_STREAMS),
                map.count("steady-percent", unset.steadyPercent(), 0, 100));
    }

    private static @Nullable SqlPlan sql(Optional<YamlMap> given) {
        return given.map(PlanReader::sql).orElse(null);
    }

    private static SqlPlan sql(YamlMap map) {
        return new SqlPlan(
                map.count("repeats", Defaults.SQL_REPEATS, 1, 1000),
                map.text("questions", Defaults.QUESTIONS),
                map.text("database", Defaults.DATABASE),
                map.choice("strategy", Defaults.STRATEGY, PlanCheck.STRATEGIES),
                map.choice("schema", Defaults.SCHEMA, PlanCheck.SCHEMAS),
                map.on("trim", false),
                map.count("max-repairs", Defaults.MAX_REPAIRS, 0, 2),
                map.count("max-tokens", Defaults.MAX_TOKENS, 1, 1_000_000),
                map.count("limit", 0, 0, 1_000_000));
    }

    private static @Nullable AgentPlan agent(Optional<YamlMap> given) {
        return given.map(
                        map ->
                                new AgentPlan(
                                        sql(map),
                                        map.counts(
                                                "concurrency",
                                                Defaults.USERS,
                                                1,
                                                PlanCheck.MOST_STREAMS),
                                        map.count("rounds", Defaults.AGENT_ROUNDS, 1, 100_000)))
                .orElse(null);
    }

    private static Optional<SchedulePlan> schedule(YamlMap map) {
        Optional<Integer> every = map.parsed("every", Durations::seconds, Durations.FORM);
        Optional<Integer> length = map.parsed("for", Durations::seconds, Durations.FORM);
        if (!map.has("every") || !map.has("for")) {
            map.fault("schedule needs both 'every' and 'for'");
        }
        if (every.isEmpty() || length.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SchedulePlan(every.get(), length.get()));
        } catch (IllegalArgumentException e) {
            map.fault(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
