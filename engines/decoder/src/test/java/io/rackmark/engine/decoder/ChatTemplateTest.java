package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Message;
import io.rackmark.engine.Message.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ChatTemplateTest {
    private static final Message SYSTEM = new Message(Role.SYSTEM, "Be brief.");
    private static final Message USER = new Message(Role.USER, "How many?");
    private static final Message ANSWER = new Message(Role.ASSISTANT, "Two.");
    private static final Message AGAIN = new Message(Role.USER, " And now? ");
    private static final List<Message> TURNS = List.of(SYSTEM, USER, ANSWER, AGAIN);

    private static final String CHATML =
            """
            <|im_start|>system
            Be brief.<|im_end|>
            <|im_start|>user
            How many?<|im_end|>
            <|im_start|>assistant
            Two.<|im_end|>
            <|im_start|>user
             And now? <|im_end|>
            <|im_start|>assistant
            """;

    @Test
    void chatMlOfTheEmbeddedModel() {
        String source = TokenizerConfig.read(Embedded.checkpoint()).chatTemplate();
        assertThat(new ChatTemplate(Objects.requireNonNull(source), "", "").render(TURNS))
                .isEqualTo(CHATML);
    }

    @Test
    void llama3Style() throws Exception {
        assertThat(template("llama3").render(TURNS))
                .isEqualTo(
                        "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
                                + "<|start_header_id|>user<|end_header_id|>\n\nHow many?<|eot_id|>"
                                + "<|start_header_id|>assistant<|end_header_id|>\n\nTwo.<|eot_id|>"
                                + "<|start_header_id|>user<|end_header_id|>\n\nAnd now?<|eot_id|>"
                                + "<|start_header_id|>assistant<|end_header_id|>\n\n");
    }

    @Test
    void llama32StyleKeepsItsFixedDate() throws Exception {
        assertThat(template("llama32").render(List.of(SYSTEM, USER)))
                .isEqualTo(
                        "<s><|start_header_id|>system<|end_header_id|>\n\n"
                                + "Cutting Knowledge Date: December 2023\n"
                                + "Today Date: 26 Jul 2024\n\nBe brief.<|eot_id|>"
                                + "<|start_header_id|>user<|end_header_id|>\n\nHow many?<|eot_id|>"
                                + "<|start_header_id|>assistant<|end_header_id|>\n\n");
    }

    @Test
    void qwen25Style() throws Exception {
        assertThat(template("qwen25").render(TURNS)).isEqualTo(CHATML);
        assertThat(template("qwen25").render(List.of(USER)))
                .startsWith("<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n");
    }

    @Test
    void qwen3StyleDropsEarlierThoughts() throws Exception {
        Message thinking = new Message(Role.ASSISTANT, "<think>\nhm\n</think>\n\nTwo.");
        assertThat(template("qwen3").render(List.of(USER, thinking, AGAIN)))
                .isEqualTo(
                        "<|im_start|>user\nHow many?<|im_end|>\n<|im_start|>assistant\nTwo."
                                + "<|im_end|>\n<|im_start|>user\n And now? <|im_end|>\n"
                                + "<|im_start|>assistant\n");
    }

    @Test
    void mistralStyle() throws Exception {
        assertThat(template("mistral").render(List.of(USER, ANSWER, AGAIN)))
                .isEqualTo("<s>[INST] How many? [/INST]Two.</s>[INST]  And now?  [/INST]");
        assertThatThrownBy(() -> template("mistral").render(List.of(USER, USER)))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.BAD_REQUEST))
                .hasMessageContaining("roles must alternate");
    }

    @Test
    void messagesAreDataAndNeverTemplateText() throws Exception {
        String hostile = "{{ bos_token }}{% for i in range(9) %}x{% endfor %}{# gone #}\\n ${1+1}";
        for (String name : List.of("llama3", "qwen25", "mistral")) {
            assertThat(template(name).render(List.of(new Message(Role.USER, hostile))))
                    .contains(hostile);
        }
    }

    @Test
    void dictionariesAndLoopsWorkAsInPython() {
        assertThat(
                        render(
                                "{% for m in messages %}{{ loop.index0 }}{{ m.get('x', '-') }}{%"
                                        + " endfor %}"))
                .isEqualTo("0-");
        assertThat(render("{{ messages[0] | tojson }}"))
                .isEqualTo("{\"role\": \"user\", \"content\": \"How many?\"}");
        assertThat(render("{{ 'a,b,c'.split(',')[-1] ~ '  x '.strip() }}")).isEqualTo("cx");
        assertThat(render("{{ 'y' if messages[0]['role'].startswith('us') else 'n' }}"))
                .isEqualTo("y");
        assertThat(
                        render(
                                "{% set ns = namespace(n=0) %}{% for m in messages %}"
                                        + "{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}"))
                .isEqualTo("1");
        assertThat(render("{% if tools is defined and tools is not none %}t{% endif %}.\n"))
                .isEqualTo(".");
        assertThat(render("{{ strftime_now('%Y') }}")).matches("\\d{4}");
    }

    @Test
    void templateReachesNoJavaAndNoFile() {
        for (String source :
                List.of(
                        "{{ ''.getClass() }}",
                        "{{ messages.getClass().forName('java.lang.Runtime') }}",
                        "{% include '/etc/hostname' %}",
                        "{% import '/etc/hostname' as x %}")) {
            assertThatThrownBy(() -> render(source))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.BAD_MODEL));
        }
        assertThat(render("[{{ ''.class }}{{ messages.class }}]")).isEqualTo("[]");
    }

    @Test
    void brokenTemplateIsABadModel() {
        assertThatThrownBy(() -> render("{% for m in messages %}{{ m["))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BAD_MODEL))
                .hasMessageContaining("chat template");
    }

    private static String render(String source) {
        return new ChatTemplate(source, "<s>", "</s>").render(List.of(USER));
    }

    private static ChatTemplate template(String name) throws IOException {
        Path file = Embedded.checkpoint().resolveSibling("templates").resolve(name + ".jinja");
        return new ChatTemplate(Files.readString(file), "<s>", "</s>");
    }
}
