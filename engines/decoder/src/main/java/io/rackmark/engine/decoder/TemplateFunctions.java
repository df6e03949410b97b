package io.rackmark.engine.decoder;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What Hugging Face adds to Jinja for chat templates. Public methods: Jinjava calls them. */
public final class TemplateFunctions {
    private static final Map<Character, String> DATE_FIELDS =
            Map.ofEntries(
                    Map.entry('Y', "yyyy"),
                    Map.entry('m', "MM"),
                    Map.entry('d', "dd"),
                    Map.entry('b', "MMM"),
                    Map.entry('B', "MMMM"),
                    Map.entry('a', "EEE"),
                    Map.entry('A', "EEEE"),
                    Map.entry('y', "yy"),
                    Map.entry('H', "HH"),
                    Map.entry('I', "hh"),
                    Map.entry('M', "mm"),
                    Map.entry('S', "ss"),
                    Map.entry('p', "a"),
                    Map.entry('j', "DDD"));

    private TemplateFunctions() {}

    /** A template said that it does not take these messages. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }
    }

    static void register(Context context) {
        context.registerFunction(
                new ELFunctionDefinition(
                        "", "raise_exception", TemplateFunctions.class, "raise", String.class));
        context.registerFunction(
                new ELFunctionDefinition(
                        "", "strftime_now", TemplateFunctions.class, "now", String.class));
        context.registerFilter(new Strip());
        context.registerFilter(new ToJson());
    }

    /** {@code raise_exception(message)}. */
    @SuppressWarnings("DoNotCallSuggester") // Called by templates, which want to fail.
    public static String raise(String message) {
        throw new Refusal(message);
    }

    /** {@code strftime_now(format)}: local time; the fields that chat templates use. */
    public static String now(String format) {
        LocalDateTime now = LocalDateTime.now(java.time.ZoneId.systemDefault());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            String field =
                    c == '%' && i + 1 < format.length()
                            ? DATE_FIELDS.get(format.charAt(i + 1))
                            : null;
            if (field == null) {
                text.append(c);
            } else {
                text.append(now.format(DateTimeFormatter.ofPattern(field, Locale.ENGLISH)));
                i++;
            }
        }
        return text.toString();
    }

    /** Python's {@code str.strip}, of all white space; Jinjava's own leaves some. */
    private static final class Strip implements Filter {
        @Override
        public String getName() {
            return "trim";
        }

        @Override
        public @Nullable Object filter(
                @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
            return value == null ? "" : value.toString().strip();
        }
    }

    /** Python's {@code json.dumps(ensure_ascii=False)}, with its spaces. */
    private static final class ToJson implements Filter {
        private static final JsonMapper JSON = new JsonMapper();

        @Override
        public String getName() {
            return "tojson";
        }

        @Override
        public Object filter(
                @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
            StringBuilder json = new StringBuilder();
            write(value, json);
            return json.toString();
        }

        private static void write(@Nullable Object value, StringBuilder json) {
            switch (value) {
                case Map<?, ?> map -> {
                    json.append('{');
                    String separator = "";
                    for (Map.Entry<?, ?> entry : map.entrySet()) {
                        json.append(separator)
                                .append(JSON.writeValueAsString(String.valueOf(entry.getKey())))
                                .append(": ");
                        write(entry.getValue(), json);
                        separator = ", ";
                    }
                    json.append('}');
                }
                case Iterable<?> list -> {
                    json.append('[');
                    String separator = "";
                    for (Object element : list) {
                        json.append(separator);
                        write(element, json);
                        separator = ", ";
                    }
                    json.append(']');
                }
                case null -> json.append("null");
                case Number number -> json.append(number);
                case Boolean bool -> json.append(bool);
                default -> json.append(JSON.writeValueAsString(value.toString()));
            }
        }
    }
}
