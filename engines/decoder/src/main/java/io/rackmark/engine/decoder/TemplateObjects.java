package io.rackmark.engine.decoder;

import com.hubspot.jinjava.el.ext.JinjavaBeanELResolver;
import com.hubspot.jinjava.el.ext.JinjavaListELResolver;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ForLoop;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import jinjava.javax.el.ArrayELResolver;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.MapELResolver;
import org.jspecify.annotations.Nullable;

/**
 * What a chat template may do with objects: read lists, maps and the loop variable, and call
 * filters, tests and the Python methods of strings and dictionaries named here. No Java method can
 * be reached.
 */
final class TemplateObjects extends CompositeELResolver {

    TemplateObjects() {
        add(new PythonMethods());
        add(new ArrayELResolver(true));
        add(new JinjavaListELResolver(true));
        add(new MapELResolver(true));
    }

    private static final class PythonMethods extends JinjavaBeanELResolver {
        private static final Pattern INDEX = Pattern.compile("-?\\d{1,9}");

        PythonMethods() {
            super(true);
        }

        @Override
        public @Nullable Object getValue(
                ELContext context, @Nullable Object base, @Nullable Object property) {
            if (base instanceof ForLoop) {
                return super.getValue(context, base, property);
            }
            // Jinjava hands indices over as text.
            boolean index = INDEX.matcher(String.valueOf(property)).matches();
            if (base instanceof CharSequence text) {
                context.setPropertyResolved(true);
                return index ? character(text.toString(), String.valueOf(property)) : null;
            }
            if (base instanceof List && !index) {
                context.setPropertyResolved(true);
            }
            return null;
        }

        @Override
        public @Nullable Object invoke(
                ELContext context,
                Object base,
                Object method,
                Class<?>[] paramTypes,
                Object[] params) {
            if (base instanceof Filter || base instanceof ExpTest) {
                return super.invoke(context, base, method, paramTypes, params);
            }
            Object result =
                    switch (base) {
                        case CharSequence text -> call(text.toString(), method.toString(), params);
                        case Map<?, ?> map -> call(map, method.toString(), params);
                        default -> this;
                    };
            if (result == this) {
                throw new jinjava.javax.el.MethodNotFoundException(
                        "a chat template cannot call " + method + "()");
            }
            context.setPropertyResolved(true);
            return result;
        }

        private static @Nullable String character(String text, String property) {
            int index = Integer.parseInt(property);
            int at = index < 0 ? text.length() + index : index;
            return at >= 0 && at < text.length() ? text.substring(at, at + 1) : null;
        }

        private Object call(String text, String method, Object[] params) {
            if (params.length == 0) {
                return switch (method) {
                    case "strip" -> text.strip();
                    case "lstrip" -> text.stripLeading();
                    case "rstrip" -> text.stripTrailing();
                    case "upper" -> text.toUpperCase(java.util.Locale.ROOT);
                    case "lower" -> text.toLowerCase(java.util.Locale.ROOT);
                    case "title", "capitalize" -> capitalized(text);
                    case "split" -> List.of(text.strip().split("\\s+", -1));
                    default -> this;
                };
            }
            String first = String.valueOf(params[0]);
            return switch (method) {
                case "strip" -> stripped(text, first, true, true);
                case "lstrip" -> stripped(text, first, true, false);
                case "rstrip" -> stripped(text, first, false, true);
                case "startswith" -> text.startsWith(first);
                case "endswith" -> text.endsWith(first);
                case "split" -> List.of(text.split(Pattern.quote(first), -1));
                case "replace" ->
                        params.length == 2 ? text.replace(first, String.valueOf(params[1])) : this;
                default -> this;
            };
        }

        private @Nullable Object call(Map<?, ?> map, String method, Object[] params) {
            return switch (method) {
                case "items" -> map.entrySet();
                case "keys" -> List.copyOf(map.keySet());
                case "values" -> List.copyOf(map.values());
                case "get" -> get(map, params);
                default -> this;
            };
        }

        private @Nullable Object get(Map<?, ?> map, Object[] params) {
            Object value = params.length > 0 ? map.get(params[0]) : null;
            return value == null && params.length == 2 ? params[1] : value;
        }

        private static String capitalized(String text) {
            return text.isEmpty()
                    ? text
                    : text.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                            + text.substring(1).toLowerCase(java.util.Locale.ROOT);
        }

        private static String stripped(String text, String set, boolean start, boolean end) {
            int from = 0;
            int to = text.length();
            while (start && from < to && set.indexOf(text.charAt(from)) >= 0) {
                from++;
            }
            while (end && to > from && set.indexOf(text.charAt(to - 1)) >= 0) {
                to--;
            }
            return text.substring(from, to);
        }
    }
}
