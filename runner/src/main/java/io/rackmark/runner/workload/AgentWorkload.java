package io.rackmark.runner.workload;

import io.rackmark.data.SqlRunner;
import io.rackmark.runner.agent.AgentAnswer;
import io.rackmark.runner.agent.AgentQuestion;
import io.rackmark.runner.agent.AgentSettings;
import io.rackmark.runner.agent.TextToSqlAgent;
import io.rackmark.runner.measure.CellSession;
import io.rackmark.runner.measure.QuestionSession;
import io.rackmark.runner.result.AgentLabel;
import io.rackmark.runner.result.QuestionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The whole agent under load, in a closed loop: so many users at a time, each of whom takes the
 * next question of the set as soon as the last one is answered, until all questions of all rounds
 * are. A level counts as a whole: when one of its answers is missing after an interruption, all are
 * asked again, because a level that ends with fewer users is another level.
 */
public final class AgentWorkload implements Workload {
    private final SqlInputs inputs;
    private final AgentSettings settings;
    private final List<Integer> levels;
    private final int rounds;

    /**
     * @param levels users at a time, in the order in which they are measured
     * @param rounds how often each level asks every question
     */
    public AgentWorkload(
            SqlInputs inputs, AgentSettings settings, List<Integer> levels, int rounds) {
        this.inputs = inputs;
        this.settings = settings;
        this.levels = List.copyOf(levels);
        this.rounds = rounds;
    }

    @Override
    public String id() {
        return "agent";
    }

    @Override
    public int steps() {
        return levels.size() * rounds * inputs.questions().size();
    }

    @Override
    public void run(CellSession session) {
        ask(session, () -> new WorkerChatModel(session));
    }

    /**
     * Measures every level that the session does not have yet.
     *
     * @param models gives each user a view of the model of their own
     */
    public void ask(QuestionSession session, Supplier<? extends SqlModel> models) {
        List<Integer> left = levels.stream().filter(users -> !complete(session, users)).toList();
        if (!left.isEmpty()) {
            SqlWorkload.warmUp(models.get(), inputs, settings);
        }
        left.forEach(users -> level(session, users, models));
    }

    private boolean complete(QuestionSession session, int users) {
        return IntStream.range(1, session.attempt())
                .anyMatch(
                        attempt ->
                                tasks(users, attempt)
                                        .allMatch(task -> session.has(task.label().toString())));
    }

    /** A question and its name in this level. */
    private record Task(AgentLabel label, GoldQuestion gold) {}

    private Stream<Task> tasks(int users, int attempt) {
        return IntStream.rangeClosed(1, rounds)
                .boxed()
                .flatMap(
                        round ->
                                inputs.questions().stream()
                                        .map(
                                                gold ->
                                                        new Task(
                                                                new AgentLabel(
                                                                        users,
                                                                        round,
                                                                        attempt,
                                                                        gold.question().id()),
                                                                gold)));
    }

    private void level(QuestionSession session, int number, Supplier<? extends SqlModel> models) {
        Turnstile turnstile = new Turnstile(tasks(number, session.attempt()).toList());
        List<User> users = new ArrayList<>();
        List<Future<?>> ended = new ArrayList<>();
        try {
            for (int i = 0; i < number; i++) {
                users.add(new User(session, models.get()));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                users.forEach(user -> ended.add(threads.submit(() -> user.ask(turnstile))));
            }
        } finally {
            users.forEach(User::close);
        }
        ended.stream()
                .filter(user -> user.state() == Future.State.FAILED)
                .findFirst()
                .ifPresent(user -> rethrow(user.exceptionNow()));
    }

    private static void rethrow(Throwable thrown) {
        switch (thrown) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }

    /** Gives out the tasks of a level, each once. */
    private static final class Turnstile {
        private final List<Task> tasks;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicBoolean closed = new AtomicBoolean();

        Turnstile(List<Task> tasks) {
            this.tasks = tasks;
        }

        /** Empty when all are taken. */
        Optional<Task> next() {
            int index = next.getAndIncrement();
            return index < tasks.size() && !closed.get()
                    ? Optional.of(tasks.get(index))
                    : Optional.empty();
        }

        void close() {
            closed.set(true);
        }
    }

    /** One of those who ask at a time, with a database connection of their own. */
    private final class User implements AutoCloseable {
        private final QuestionSession session;
        private final SqlModel model;
        private final SqlRunner database;
        private final TextToSqlAgent agent;

        User(QuestionSession session, SqlModel model) {
            this.session = session;
            this.model = model;
            this.database = new SqlRunner(inputs.database());
            this.agent =
                    new TextToSqlAgent(
                            model,
                            new TextToSqlAgent.Target(
                                    inputs.database().schema(), inputs.notes(), database),
                            settings);
        }

        /** When the model is lost to one, nobody takes another question. */
        void ask(Turnstile turnstile) {
            try {
                for (Optional<Task> task = turnstile.next();
                        task.isPresent();
                        task = turnstile.next()) {
                    ask(task.get());
                }
            } catch (RuntimeException | Error e) {
                turnstile.close();
                throw e;
            }
        }

        private void ask(Task task) {
            String label = task.label().toString();
            AgentQuestion asked = task.gold().question();
            model.begin(label);
            AgentAnswer answer =
                    agent.answerWithRows(
                            new AgentQuestion(label, asked.tier(), asked.text()), List.of());
            session.question(
                    new QuestionRecord(
                            session.key(),
                            answer.judged(task.gold().expected(), task.gold().ordered())));
        }

        @Override
        public void close() {
            database.close();
        }
    }
}
