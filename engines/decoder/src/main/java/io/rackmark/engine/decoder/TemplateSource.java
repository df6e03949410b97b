package io.rackmark.engine.decoder;

/** Chat templates written for Jinja, put so that Jinjava understands the same. */
final class TemplateSource {
    private static final String NAMESPACE = "namespace(";

    private TemplateSource() {}

    static String adapted(String source) {
        // Jinja drops one newline at the end of a template; Jinjava would drop it from the output.
        String text = source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
        // Jinjava knows no step in a slice.
        return withGroupedArguments(text.replace("[::-1]", "|reverse"));
    }

    /** Jinjava binds '=' as tightly as '+': {@code namespace(n=a - 1)} needs {@code n=(a - 1)}. */
    private static String withGroupedArguments(String text) {
        StringBuilder adapted = new StringBuilder();
        int at = 0;
        for (int call = text.indexOf(NAMESPACE); call >= 0; call = text.indexOf(NAMESPACE, at)) {
            int open = call + NAMESPACE.length();
            adapted.append(text, at, open);
            at = open;
            while (at < text.length() && text.charAt(at) != ')') {
                int end = argumentEnd(text, at);
                adapted.append(grouped(text.substring(at, end)));
                at = end;
                if (at < text.length() && text.charAt(at) == ',') {
                    adapted.append(',');
                    at++;
                }
            }
        }
        return adapted.append(text, at, text.length()).toString();
    }

    private static String grouped(String argument) {
        int equals = argument.indexOf('=');
        return equals < 0
                ? argument
                : argument.substring(0, equals + 1) + "(" + argument.substring(equals + 1) + ")";
    }

    /** Where the argument that begins at {@code at} meets its comma or closing bracket. */
    private static int argumentEnd(String text, int at) {
        int depth = 0;
        char quote = 0;
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (depth == 0 && (c == ',' || c == ')')) {
                return i;
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            }
        }
        return text.length();
    }
}
