package io.weft.blog.launcher.process;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Main class of the child processes: starts one or more instances of an application, and ends with
 * the process that started it, whose end closes the standard input here.
 *
 * <p>Arguments: the main class, then the arguments of each instance, separated by {@code --}.
 * Before them may stand {@code @PROPERTY=CLASS}: a stand-in for a database that all instances
 * share, whose URL becomes a property for them.
 */
public final class InstanceHost {

    private static final String SEPARATOR = "--";

    private InstanceHost() {}

    /** Starts the instances one after the other: the first one pays for loading the classes. */
    public static void main(String[] args) throws Exception {
        Thread watcher = new Thread(InstanceHost::exitWithParent, "parent-watch");
        watcher.setDaemon(true);
        watcher.start();
        int first = 0;
        for (; args[first].startsWith("@"); first++) {
            startStandIn(args[first].substring(1));
        }
        Class<?> application = Class.forName(args[first]);
        Method start = startMethod(application);
        for (String[] instance : split(Arrays.copyOfRange(args, first + 1, args.length))) {
            start(application, start, instance);
        }
    }

    private static void startStandIn(String assignment) throws Exception {
        String[] parts = assignment.split("=", 2);
        Class<?> type = Class.forName(parts[1]);
        AutoCloseable standIn = (AutoCloseable) type.getMethod("start").invoke(null);
        System.setProperty(parts[0], (String) type.getMethod("url").invoke(standIn));
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    try {
                                        standIn.close();
                                    } catch (Exception e) {
                                        e.printStackTrace(System.err);
                                    }
                                },
                                "stand-in-stop"));
    }

    private static void start(Class<?> application, @Nullable Method start, String[] args)
            throws Exception {
        Method method = start == null ? application.getMethod("main", String[].class) : start;
        try {
            method.invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            e.printStackTrace(System.err);
            System.exit(1);
        }
    }

    /** An application that can be started several times offers {@code start(String...)}. */
    private static @Nullable Method startMethod(Class<?> application) {
        try {
            return application.getMethod("start", String[].class);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    static List<String[]> split(String[] args) {
        List<String[]> instances = new ArrayList<>();
        List<String> current = new ArrayList<>();
        for (String arg : args) {
            if (arg.equals(SEPARATOR)) {
                instances.add(current.toArray(String[]::new));
                current = new ArrayList<>();
            } else {
                current.add(arg);
            }
        }
        instances.add(current.toArray(String[]::new));
        return instances;
    }

    private static void exitWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever said on this pipe; only its end counts.
            }
        } catch (IOException e) {
            // A broken pipe is an end, too.
        }
        System.exit(0);
    }
}
