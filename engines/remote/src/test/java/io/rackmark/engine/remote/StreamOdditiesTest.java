package io.rackmark.engine.remote;

import static io.rackmark.engine.remote.Clients.chat;
import static io.rackmark.engine.remote.Clients.finish;
import static io.rackmark.engine.remote.Clients.kind;
import static io.rackmark.engine.remote.Clients.piece;
import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.remote.RemoteFailure.Kind;
import io.rackmark.engine.testkit.ScriptedReply;
import io.rackmark.engine.testkit.ScriptedReply.Stream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What servers are known to send, each in a real response over loopback. */
@SuppressWarnings("StringConcatToTextBlock")
class StreamOdditiesTest {
    private static final String DONE = "data: [DONE]\n\n";

    private static RemoteResult stream(String events) throws IOException {
        return chat(ScriptedReply.events(events));
    }

    private static List<StreamEvent.Kind> kinds(RemoteResult result) {
        return result.timeline().events().stream().map(StreamEvent::kind).toList();
    }

    @Test
    void roleOnlyAndEmptyChunksAreNoContent() throws Exception {
        RemoteResult result =
                stream(
                        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n"
                                + piece("")
                                + "data: {\"choices\":[{\"delta\":{\"content\":null}}]}\n\n"
                                + piece("Hi")
                                + finish("stop")
                                + DONE);
        assertThat(result.failure()).isNull();
        assertThat(result.text()).isEqualTo("Hi");
        assertThat(result.finish()).isEqualTo("stop");
        assertThat(kinds(result))
                .containsExactly(
                        StreamEvent.Kind.OTHER,
                        StreamEvent.Kind.OTHER,
                        StreamEvent.Kind.OTHER,
                        StreamEvent.Kind.ANSWER,
                        StreamEvent.Kind.OTHER,
                        StreamEvent.Kind.DONE);
    }

    @Test
    void aUsageOnlyChunkCountsTokensAndNoText() throws Exception {
        RemoteResult result =
                stream(
                        piece("Hi")
                                + finish("stop")
                                + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
                                + "\"completion_tokens\":4,\"prompt_tokens_details\":"
                                + "{\"cached_tokens\":8},\"completion_tokens_details\":"
                                + "{\"reasoning_tokens\":2}}}\n\n"
                                + DONE);
        assertThat(result.usage()).isEqualTo(new Usage(9, 4, 8, 2));
        assertThat(kinds(result)).contains(StreamEvent.Kind.USAGE);
        assertThat(result.text()).isEqualTo("Hi");
    }

    @Test
    void withoutUsageTokensAreUnknownAndNotZero() throws Exception {
        assertThat(stream(piece("Hi") + finish("stop") + DONE).usage()).isNull();
    }

    @Test
    void groqsUsageIsFound() throws Exception {
        RemoteResult result =
                stream(
                        piece("Hi")
                                + "data:"
                                + " {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"x_groq\":{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}}\n\n");
        assertThat(result.usage()).isEqualTo(new Usage(1, 2, null, null));
    }

    @Test
    void doneMayBeMissingWhenAReasonToEndWasGiven() throws Exception {
        RemoteResult result = stream(piece("Hi") + finish("length"));
        assertThat(result.failure()).isNull();
        assertThat(result.finish()).isEqualTo("length");
    }

    @Test
    void aStreamThatJustEndsIsCut() throws Exception {
        RemoteResult result = stream(piece("Hi"));
        assertThat(kind(result)).contains(Kind.CUT);
        assertThat(result.text()).isEqualTo("Hi");
    }

    @Test
    void aServerThatKeepsTheConnectionAfterDoneDoesNotHoldTheClient() throws Exception {
        RemoteResult result =
                chat(
                        new Stream()
                                .send(piece("Hi") + DONE)
                                .pause(java.time.Duration.ofSeconds(30))
                                .end());
        assertThat(result.failure()).isNull();
        assertThat(result.text()).isEqualTo("Hi");
    }

    @Test
    void reasoningOfEitherNameIsKeptApartFromTheAnswer() throws Exception {
        RemoteResult result =
                stream(
                        "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm \"}}]}\n\n"
                            + "data: {\"choices\":[{\"delta\":{\"reasoning\":\"ok\"}}]}\n\n"
                            + "data:"
                            + " {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"!\"}]}]}}]}\n\n"
                                + piece("4")
                                + finish("stop"));
        assertThat(result.reasoning()).isEqualTo("hm ok!");
        assertThat(result.text()).isEqualTo("4");
        assertThat(kinds(result))
                .startsWith(
                        StreamEvent.Kind.REASONING,
                        StreamEvent.Kind.REASONING,
                        StreamEvent.Kind.REASONING,
                        StreamEvent.Kind.ANSWER);
    }

    @Test
    void toolCallsAndOtherChoicesAreNotRead() throws Exception {
        RemoteResult result =
                stream(
                        "data:"
                            + " {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}}]}\n\n"
                            + "data:"
                            + " {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"}}]}\n\n"
                                + piece("yes")
                                + finish("stop"));
        assertThat(result.text()).isEqualTo("yes");
    }

    @Test
    void anErrorObjectInsideAStreamEndsIt() throws Exception {
        RemoteResult overloaded =
                stream(
                        piece("Hi")
                                + "data: {\"error\":{\"message\":\"engine"
                                + " overloaded\",\"code\":503}}\n\n"
                                + piece("there")
                                + DONE);
        assertThat(kind(overloaded)).contains(Kind.OVERLOADED);
        assertThat(overloaded.text()).isEqualTo("Hi");
        assertThat(kind(stream("data: {\"error\":{\"message\":\"slow down\",\"code\":429}}\n\n")))
                .contains(Kind.RATE_LIMITED);
        assertThat(kind(stream("event: error\ndata: {\"message\":\"broken\"}\n\n")))
                .contains(Kind.OVERLOADED);
        assertThat(kind(stream("data: {\"object\":\"error\",\"message\":\"m\",\"code\":400}\n\n")))
                .contains(Kind.BAD_REQUEST);
    }

    @Test
    void brokenJsonAndJsonThatIsNoObjectAreMalformed() throws Exception {
        assertThat(kind(stream("data: {\"choices\":[{\n\n"))).contains(Kind.MALFORMED);
        assertThat(kind(stream("data: 42\n\n"))).contains(Kind.MALFORMED);
        assertThat(kind(stream(""))).contains(Kind.MALFORMED);
        assertThat(kind(stream("<html>busy</html>"))).contains(Kind.MALFORMED);
    }

    @Test
    void aServerThatIgnoresStreamingIsRead() throws Exception {
        RemoteResult result =
                chat(
                        ScriptedReply.json(
                                200,
                                "{\"model\":\"m-1\",\"choices\":[{\"message\":{\"role\":\"assistant\","
                                    + "\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
                                    + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}"));
        assertThat(result.failure()).isNull();
        assertThat(result.text()).isEqualTo("Hi");
        assertThat(result.servedModel()).isEqualTo("m-1");
        assertThat(result.usage()).isEqualTo(new Usage(3, 1, null, null));
    }

    @Test
    void completionsAreReadStreamedAndWhole() throws Exception {
        RemoteRequest streamed =
                new RemoteRequest("m", new RemoteRequest.Prompt.Text("1, 2,"), 4, true);
        RemoteResult result =
                Clients.send(
                        ScriptedReply.events(
                                "data: {\"choices\":[{\"text\":\" 3\"}]}\n\n"
                                    + "data:"
                                    + " {\"choices\":[{\"text\":\",\",\"finish_reason\":\"length\"}]}\n\n"),
                        streamed);
        assertThat(result.text()).isEqualTo(" 3,");
        RemoteRequest whole = new RemoteRequest("m", streamed.prompt(), 4, false);
        assertThat(
                        Clients.send(
                                        ScriptedReply.json(
                                                200,
                                                "{\"choices\":[{\"text\":\""
                                                        + " 3,\",\"finish_reason\":\"stop\"}]}"),
                                        whole)
                                .text())
                .isEqualTo(" 3,");
    }
}
