package io.rackmark.engine.worker;

import java.lang.reflect.Proxy;

/**
 * Ctrl-C reaches every process of the terminal's foreground group; what it means is the runner's to
 * decide.
 */
final class Interrupts {
    private Interrupts() {}

    /** By reflection: javac warns of {@code sun.misc.Signal} in a way that cannot be silenced. */
    static void ignore() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ignore =
                    Proxy.newProxyInstance(
                            Interrupts.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (_, _, _) -> null);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), ignore);
        } catch (ReflectiveOperationException e) {
            System.getLogger(Interrupts.class.getName())
                    .log(System.Logger.Level.WARNING, "Ctrl-C will end this worker", e);
        }
    }
}
