package io.rackmark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The installed product serves the embedded model to the official OpenAI SDK. */
class ServeIT {
    private static final String QUESTION = "how many customers are there";
    private static final Pattern ADDRESS = Pattern.compile("on (http://127\\.0\\.0\\.1:\\d+/v1) ");

    @TempDir private Path folder;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            process.waitFor(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void theOfficialSdkFindsWhatItExpects() throws Exception {
        OpenAIClient client = serve("llamacpp", "q8_0", "4");

        assertThat(client.models().list().data()).extracting(Model::id).containsExactly("embedded");
        assertThat(client.models().retrieve("embedded").id()).isEqualTo("embedded");
        ChatCompletion whole = client.chat().completions().create(chat(QUESTION).build());
        String text = whole.choices().getFirst().message().content().orElseThrow();
        assertThat(text).contains("SELECT");
        assertThat(whole.choices().getFirst().finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(whole.usage().orElseThrow().completionTokens()).isPositive();
        assertThat(streamed(client, chat(QUESTION).build())).isEqualTo(text);
        logprobs(client, text);
        completions(client);
        schema(client);
        errors(client);
    }

    private static String streamed(OpenAIClient client, ChatCompletionCreateParams params) {
        ChatCompletionCreateParams asked =
                params.toBuilder()
                        .streamOptions(
                                ChatCompletionStreamOptions.builder().includeUsage(true).build())
                        .build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(asked)) {
            List<ChatCompletionChunk> chunks = stream.stream().toList();
            assertThat(chunks.getLast().usage().orElseThrow().totalTokens()).isPositive();
            return chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .collect(Collectors.joining());
        }
    }

    private static void logprobs(OpenAIClient client, String text) {
        ChatCompletionCreateParams params = chat(QUESTION).logprobs(true).topLogprobs(3).build();
        ChatCompletion whole = client.chat().completions().create(params);
        List<ChatCompletionTokenLogprob> told =
                whole.choices().getFirst().logprobs().orElseThrow().content().orElseThrow();
        assertThat(spelt(told)).isEqualTo(text);
        assertThat(told)
                .allSatisfy(
                        each -> {
                            var likeliest = each.topLogprobs();
                            assertThat(likeliest).hasSize(3);
                            assertThat(likeliest.getFirst().token()).isEqualTo(each.token());
                            assertThat(each.logprob()).isEqualTo(likeliest.getFirst().logprob());
                            assertThat(
                                            likeliest.stream()
                                                    .mapToDouble(t -> Math.exp(t.logprob()))
                                                    .sum())
                                    .isBetween(0.0, 1.0);
                        });
        List<ChatCompletionTokenLogprob> streamed = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> streamed.addAll(told(choice)));
        }
        assertThat(streamed).isEqualTo(told);
    }

    /** Of the tokens in one piece, and those alone. */
    private static List<ChatCompletionTokenLogprob> told(ChatCompletionChunk.Choice choice) {
        List<ChatCompletionTokenLogprob> told =
                choice.logprobs().flatMap(each -> each.content()).orElse(List.of());
        assertThat(spelt(told)).isEqualTo(choice.delta().content().orElse(""));
        return told;
    }

    private static String spelt(List<ChatCompletionTokenLogprob> told) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        told.forEach(each -> each.bytes().orElseThrow().forEach(b -> bytes.write(b.intValue())));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @SuppressWarnings("deprecation") // the only way of the SDK to the names in a map
    private static void legacyLogprobs(OpenAIClient client, CompletionCreateParams plain) {
        CompletionCreateParams params = plain.toBuilder().logprobs(2).build();
        CompletionChoice choice = client.completions().create(params).choices().getFirst();
        CompletionChoice.Logprobs told = choice.logprobs().orElseThrow();
        List<String> tokens = told.tokens().orElseThrow();
        assertThat(String.join("", tokens)).isEqualTo(choice.text());
        assertThat(told.textOffset().orElseThrow()).first().isEqualTo(0L);
        for (int i = 0; i < tokens.size(); i++) {
            var likeliest = told.topLogprobs().orElseThrow().get(i)._additionalProperties();
            assertThat(likeliest).hasSize(2).containsKey(tokens.get(i));
            assertThat(choice.text().substring(told.textOffset().get().get(i).intValue()))
                    .startsWith(tokens.get(i));
            assertThat(told.tokenLogprobs().orElseThrow().get(i)).isNotPositive();
        }
        try (StreamResponse<Completion> stream = client.completions().createStreaming(params)) {
            assertThat(
                            stream.stream()
                                    .flatMap(
                                            piece -> piece.choices().getFirst().logprobs().stream())
                                    .flatMap(each -> each.tokenLogprobs().orElseThrow().stream()))
                    .isEqualTo(told.tokenLogprobs().orElseThrow());
        }
    }

    private static void completions(OpenAIClient client) {
        CompletionCreateParams params =
                CompletionCreateParams.builder()
                        .model("embedded")
                        .prompt("SELECT")
                        .maxTokens(5)
                        .temperature(0)
                        .build();
        Completion whole = client.completions().create(params);
        assertThat(whole.usage().orElseThrow().completionTokens()).isEqualTo(5);
        try (StreamResponse<Completion> stream = client.completions().createStreaming(params)) {
            assertThat(
                            stream.stream()
                                    .flatMap(piece -> piece.choices().stream())
                                    .map(choice -> choice.text())
                                    .collect(Collectors.joining()))
                    .isEqualTo(whole.choices().getFirst().text());
        }
        legacyLogprobs(client, params);
    }

    private static void schema(OpenAIClient client) {
        ResponseFormatJsonSchema format =
                format(
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of("verdict", Map.of("enum", List.of("yes", "no"))),
                                "required",
                                List.of("verdict"),
                                "additionalProperties",
                                false));
        ChatCompletion kept =
                client.chat().completions().create(chat("is it so").responseFormat(format).build());
        JsonNode answer =
                JsonMapper.shared()
                        .readTree(kept.choices().getFirst().message().content().orElseThrow());
        assertThat(answer.path("verdict").asString()).isIn("yes", "no");
    }

    private static ResponseFormatJsonSchema format(Map<String, Object> schema) {
        ResponseFormatJsonSchema.JsonSchema.Schema.Builder built =
                ResponseFormatJsonSchema.JsonSchema.Schema.builder();
        schema.forEach((name, value) -> built.putAdditionalProperty(name, JsonValue.from(value)));
        return ResponseFormatJsonSchema.builder()
                .jsonSchema(
                        ResponseFormatJsonSchema.JsonSchema.builder()
                                .name("verdict")
                                .strict(true)
                                .schema(built.build())
                                .build())
                .build();
    }

    private static void errors(OpenAIClient client) {
        assertThatThrownBy(
                        () ->
                                client.chat()
                                        .completions()
                                        .create(chat(QUESTION).model("gpt-0").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        e -> assertThat(e.code()).contains("model_not_found"));
        assertThatThrownBy(
                        () ->
                                client.chat()
                                        .completions()
                                        .create(
                                                chat(QUESTION)
                                                        .responseFormat(
                                                                format(Map.of("not", Map.of())))
                                                        .build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'not'");
        assertThatThrownBy(
                        () ->
                                client.chat()
                                        .completions()
                                        .create(chat("word ".repeat(4000)).build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> assertThat(e.code()).contains("context_length_exceeded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llamacpp", "onnxruntime", "pytorch"})
    void anAnswerDoesNotDependOnWhoSharesTheBatch(String engine) throws Exception {
        OpenAIClient client = serve(engine, "f32", "5");
        List<String> questions =
                List.of(
                        QUESTION,
                        "list all genres",
                        "which five artists have the most albums?",
                        "how many tracks are longer than five minutes",
                        "total sales per country");
        List<String> alone = questions.stream().map(q -> ask(client, q)).toList();

        List<CompletableFuture<String>> together =
                questions.stream()
                        .map(
                                q ->
                                        CompletableFuture.supplyAsync(
                                                () -> ask(client, q),
                                                task -> Thread.ofVirtual().start(task)))
                        .toList();

        assertThat(together).extracting(CompletableFuture::join).isEqualTo(alone);
    }

    @Test
    void sigtermLetsARunningAnswerComeToItsEnd() throws Exception {
        OpenAIClient client = serve("llamacpp", "q8_0", "1");
        ChatCompletionCreateParams params = chat(QUESTION).build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            var chunks = stream.stream().iterator();
            chunks.next();
            started.getLast().destroy();
            List<ChatCompletionChunk> rest = new ArrayList<>();
            chunks.forEachRemaining(rest::add);
            assertThat(rest.getLast().choices().getFirst().finishReason()).isPresent();
        }
        assertThat(started.getLast().waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static String ask(OpenAIClient client, String question) {
        return client.chat()
                .completions()
                .create(chat(question).build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
    }

    private static ChatCompletionCreateParams.Builder chat(String question) {
        return ChatCompletionCreateParams.builder()
                .model("embedded")
                .addUserMessage(question)
                .temperature(0)
                .maxCompletionTokens(120);
    }

    private OpenAIClient serve(String engine, String precision, String slots) throws Exception {
        InstalledCli cli = InstalledCli.sharing(folder);
        Process process =
                cli.start(
                        "serve",
                        "--engine",
                        engine,
                        "--precision",
                        precision,
                        "--slots",
                        slots,
                        "--port",
                        "0");
        started.add(process);
        return OpenAIOkHttpClient.builder()
                .baseUrl(address(process, cli))
                .apiKey("none")
                .maxRetries(0)
                .timeout(Duration.ofMinutes(2))
                .build();
    }

    private String address(Process process, InstalledCli cli)
            throws IOException, InterruptedException {
        Instant limit = Instant.now().plus(Duration.ofMinutes(3));
        while (true) {
            Matcher address = ADDRESS.matcher(Files.readString(folder.resolve("out")));
            if (address.find()) {
                return address.group(1);
            }
            assertThat(process.isAlive()).as(cli.err()).isTrue();
            assertThat(Instant.now()).as(cli.err()).isBefore(limit);
            Thread.sleep(20);
        }
    }
}
