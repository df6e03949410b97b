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

    static final Set<String> PLAN_KEYS = Set.of("name", "systems", "speed", "sql", "energy");
    static final Set<String> SYSTEM_KEYS =
            Set.of("engine", "model", "precision", "context", "threads", "device", "options");
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
            throw fault(file + " holds no plan; name at least one of systems, speed, sql");
        }
        YamlMap map = new YamlMap(file, "the plan", root.get(), PLAN_KEYS, faults);
        List<SystemPlan> systems =
                map.maps("systems", SYSTEM_KEYS).stream().map(PlanReader::system).toList();
        boolean both = !map.has("speed") && !map.has("sql");
        return new Plan(
                map.text("name", "plan"),
                systems,
                both ? Defaults.speed() : speed(map.map("speed", SPEED_KEYS)),
                both ? Defaults.sql() : sql(map.map("sql", SQL_KEYS)),
                map.map("energy", ENERGY_KEYS).map(PlanReader::energy).orElseGet(Defaults::energy));
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
        return new SystemPlan(
                map.text("engine", ""),
                map.text("model", Defaults.MODEL),
                map.texts("precision"),
                map.count("context", Defaults.CONTEXT_TOKENS, 0, 10_000_000),
                map.count("threads", 0, 0, 4096),
                map.text("device", Defaults.DEVICE),
                map.textMap("options"));
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
        return given.map(
                        map ->
                                new SqlPlan(
                                        map.count("repeats", Defaults.SQL_REPEATS, 1, 1000),
                                        map.text("questions", Defaults.QUESTIONS),
                                        map.text("database", Defaults.DATABASE),
                                        map.choice(
                                                "strategy",
                                                Defaults.STRATEGY,
                                                PlanCheck.STRATEGIES),
                                        map.choice("schema", Defaults.SCHEMA, PlanCheck.SCHEMAS),
                                        map.on("trim", false),
                                        map.count("max-repairs", Defaults.MAX_REPAIRS, 0, 2),
                                        map.count("max-tokens", Defaults.MAX_TOKENS, 1, 1_000_000),
                                        map.count("limit", 0, 0, 1_000_000)))
                .orElse(null);
    }
}
