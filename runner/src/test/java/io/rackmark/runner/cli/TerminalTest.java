package io.rackmark.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void textOfAModelCannotTakeTheTerminalOver() {
        assertThat(Terminal.safe("a\u001b]0;owned\u0007b\u202Ec\r\nd\te"))
                .isEqualTo("a\uFFFD]0;owned\uFFFDb\uFFFDc\uFFFD\nd\te");
    }

    @Test
    void ordinaryTextOfAnyScriptIsLeftAsItIs() {
        String text = "Größe 東京 😀 – 'x' | \"y\"";

        assertThat(Terminal.safe(text)).isEqualTo(text);
    }
}
