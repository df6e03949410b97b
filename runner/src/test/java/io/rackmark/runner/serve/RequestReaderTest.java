package io.rackmark.runner.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.AnswerFormat;
import io.rackmark.engine.Message;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestReaderTest {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private final RequestReader reader = new RequestReader("m", 512);

    @Test
    void everythingAskedForIsRead() {
        ApiRequest request =
                chat(
                        """
                        "messages": [
                          {"role": "developer", "content": "be brief"},
                          {"role": "user", "content": [{"type": "text", "text": "a"},
                                                       {"type": "text", "text": "b"}]},
                          {"role": "assistant", "content": "c"}],
                        "max_completion_tokens": 7, "temperature": 0.5, "top_p": 0.9, "seed": -3,
                        "stop": ["x", "y"], "stream": true,
                        "stream_options": {"include_usage": true}, "n": 1, "user": "me",
                        "response_format": {"type": "json_object"}
                        """);

        assertThat(request.stream()).isTrue();
        assertThat(request.usage()).isTrue();
        assertThat(request.generation().prompt())
                .isEqualTo(
                        new Prompt.Chat(
                                List.of(
                                        new Message(Message.Role.SYSTEM, "be brief"),
                                        new Message(Message.Role.USER, "ab"),
                                        new Message(Message.Role.ASSISTANT, "c"))));
        assertThat(request.generation().maxTokens()).isEqualTo(7);
        assertThat(request.generation().sampling()).isEqualTo(new Sampling(0.5, 0, 0.9, -3));
        assertThat(request.generation().stop()).containsExactly("x", "y");
        assertThat(request.generation().format()).isEqualTo(new AnswerFormat.JsonObject());
    }

    @Test
    void withoutALimitTheContextIsTheLimit() {
        assertThat(chat(MESSAGES).generation().maxTokens()).isEqualTo(512);
        assertThat(chat(MESSAGES + ",\"max_tokens\":5").generation().maxTokens()).isEqualTo(5);
    }

    @Test
    void aPromptIsATextOrTokenIds() {
        assertThat(completion("\"a\"")).isEqualTo(new Prompt.Text("a"));
        assertThat(completion("[\"a\"]")).isEqualTo(new Prompt.Text("a"));
        assertThat(completion("[3,4]")).isEqualTo(new Prompt.Tokens(List.of(3, 4)));
        assertThat(completion("[[3]]")).isEqualTo(new Prompt.Tokens(List.of(3)));
    }

    @Test
    void whatIsWrongIsNamed() {
        refused("messages", "\"messages\":[]");
        refused("messages", "\"temperature\":0");
        refused("messages[0].role", "\"messages\":[{\"role\":\"tool\",\"content\":\"\"}]");
        refused(
                "messages[0].content",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]");
        refused("temperature", MESSAGES + ",\"temperature\":3");
        refused("top_p", MESSAGES + ",\"top_p\":\"1\"");
        refused("max_tokens", MESSAGES + ",\"max_tokens\":0");
        refused("seed", MESSAGES + ",\"seed\":1.5");
        refused("stop", MESSAGES + ",\"stop\":[\"\"]");
        refused("stream", MESSAGES + ",\"stream\":1");
        refused("response_format", MESSAGES + ",\"response_format\":{\"type\":\"xml\"}");
        refused("response_format", MESSAGES + ",\"response_format\":{\"type\":\"json_schema\"}");
        assertThatThrownBy(() -> completion("[\"a\",\"b\"]")).hasMessageContaining("'prompt'");
    }

    @Test
    void whatWouldChangeTheAnswerAndIsNotSupportedIsNamed() {
        for (String parameter :
                List.of(
                        "\"n\":2",
                        "\"presence_penalty\":0.1",
                        "\"logit_bias\":{\"3\":1}",
                        "\"tools\":[{}]",
                        "\"no_such_thing\":1")) {
            refused(parameter.replaceAll("\"([a-z_]+)\":.*", "$1"), MESSAGES + "," + parameter);
        }
        chat(MESSAGES + ",\"logprobs\":false,\"tools\":[],\"frequency_penalty\":0,\"stop\":null");
    }

    @Test
    void logprobsOfAChatAreAFlagAndANumber() {
        assertThat(chat(MESSAGES).generation().logprobs()).isEmpty();
        assertThat(chat(MESSAGES + ",\"logprobs\":false").generation().logprobs()).isEmpty();
        assertThat(chat(MESSAGES + ",\"logprobs\":true").generation().logprobs()).hasValue(0);
        assertThat(
                        chat(MESSAGES + ",\"logprobs\":true,\"top_logprobs\":20")
                                .generation()
                                .logprobs())
                .hasValue(20);
        refused("logprobs", MESSAGES + ",\"logprobs\":3");
        refused("top_logprobs", MESSAGES + ",\"top_logprobs\":2");
        refused("top_logprobs", MESSAGES + ",\"logprobs\":true,\"top_logprobs\":21");
        refused("top_logprobs", MESSAGES + ",\"logprobs\":true,\"top_logprobs\":-1");
        refused("top_logprobs", MESSAGES + ",\"logprobs\":true,\"top_logprobs\":true");
    }

    @Test
    void logprobsOfACompletionAreANumber() {
        assertThat(legacy("0").generation().logprobs()).hasValue(0);
        assertThat(legacy("5").generation().logprobs()).hasValue(5);
        assertThat(legacy("null").generation().logprobs()).isEmpty();
        for (String wrong : List.of("6", "-1", "true", "\"1\"")) {
            assertThatThrownBy(() -> legacy(wrong))
                    .hasMessage("'logprobs' must be an integer from 0 to 5");
        }
        assertThatThrownBy(() -> legacy("1,\"top_logprobs\":1"))
                .hasMessageContaining("'top_logprobs'");
    }

    @Test
    void anotherModelIsNotFound() {
        assertThatThrownBy(
                        () ->
                                reader.chat(
                                        ("{\"model\":\"gpt\"," + MESSAGES + "}")
                                                .getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status()).isEqualTo(404))
                .hasMessageContaining("'m'");
    }

    private void refused(@Nullable String param, String fields) {
        assertThatThrownBy(() -> chat(fields))
                .as(fields)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.status()).isEqualTo(400);
                            assertThat(e.param()).isEqualTo(param);
                        });
    }

    private ApiRequest chat(String fields) {
        return reader.chat(("{\"model\":\"m\"," + fields + "}").getBytes(StandardCharsets.UTF_8));
    }

    private ApiRequest legacy(String logprobs) {
        return reader.completion(
                ("{\"model\":\"m\",\"prompt\":\"a\",\"logprobs\":" + logprobs + "}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private Prompt completion(String prompt) {
        return reader.completion(
                        ("{\"model\":\"m\",\"prompt\":" + prompt + "}")
                                .getBytes(StandardCharsets.UTF_8))
                .generation()
                .prompt();
    }
}
