package io.pptpoperator.dataplane.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.pptpoperator.dataplane.config.ServerConfig.Log;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * What is logged, and how: one line an event on standard error, as text or JSON, key-value pairs included. The level
 * concerns this project's own messages; libraries speak only from warnings up. Nobody who logs waits for the line to be
 * written ({@link LogQueue}); a program that ends calls {@link #flush}.
 *
 * <p>Logback finds this class by its service file, so that there is no configuration file, and nothing is logged in
 * another form before the server's configuration is read.
 */
public final class Logging extends ContextAwareBase implements Configurator {

    private static final String OWN = "io.pptpoperator";
    /** What a program that ends waits for its last lines, which a pipe that nobody reads never takes. */
    private static final Duration LAST_LINES = Duration.ofSeconds(1);
    private static final LogQueue STANDARD_ERROR = LogQueue.to(new FileOutputStream(FileDescriptor.err));

    /** For Logback. */
    public Logging() {}

    /** For Logback: the defaults, until {@link #apply} is called. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        install(context, Log.DEFAULTS, STANDARD_ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Logs as configured from now on. */
    public static void apply(Log config) {
        apply(config, STANDARD_ERROR);
    }

    /** Makes whatever prints to standard error wait no more than whoever logs does. For a program that begins. */
    public static void takeStandardError() {
        System.setErr(new PrintStream(STANDARD_ERROR.asStream(), true, StandardCharsets.UTF_8));
    }

    static void apply(Log config, LogQueue queue) {
        install((LoggerContext) LoggerFactory.getILoggerFactory(), config, queue);
    }

    /** Waits, for a second at most, until what was logged and printed is written. For programs that end. */
    public static void flush() {
        System.err.flush();
        STANDARD_ERROR.flush(LAST_LINES);
    }

    /** How many lines of a level were dropped so far because nobody read them. */
    public static long dropped(Log.Level level) {
        return STANDARD_ERROR.dropped(level);
    }

    /** Changes the level only. */
    public static void setLevel(Log.Level level) {
        setLevel((LoggerContext) LoggerFactory.getILoggerFactory(), level);
    }

    private static void install(LoggerContext context, Log config, LogQueue queue) {
        context.reset();
        Encoder<ILoggingEvent> encoder = switch (config.format()) {
            case TEXT -> new TextLogEncoder();
            case JSON -> new JsonLogEncoder();
        };
        encoder.setContext(context);
        encoder.start();
        queue.notice(count -> encoder.encode(notice(context, count)));
        var appender = new QueueAppender(queue, encoder);
        appender.setContext(context);
        appender.setName("queue");
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
        root.setLevel(Level.WARN);
        setLevel(context, config.level());
    }

    private static void setLevel(LoggerContext context, Log.Level level) {
        context.getLogger(OWN).setLevel(switch (level) {
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
        });
    }

    private static ILoggingEvent notice(LoggerContext context, long count) {
        var event = new LoggingEvent(Logging.class.getName(), context.getLogger(Logging.class), Level.WARN,
                "Lines were dropped here, because standard error was not read fast enough", null, null);
        event.addKeyValuePair(new KeyValuePair("lines", count));
        return event;
    }

    /** Lines are made where they are logged, because what they are made of may change afterwards. */
    private static final class QueueAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
        private final LogQueue queue;
        private final Encoder<ILoggingEvent> encoder;

        QueueAppender(LogQueue queue, Encoder<ILoggingEvent> encoder) {
            this.queue = queue;
            this.encoder = encoder;
        }

        @Override
        protected void append(ILoggingEvent event) {
            queue.add(level(event.getLevel()), encoder.encode(event));
        }

        private static Log.Level level(Level level) {
            return switch (level.toInt()) {
                case Level.ERROR_INT -> Log.Level.ERROR;
                case Level.WARN_INT -> Log.Level.WARN;
                case Level.INFO_INT -> Log.Level.INFO;
                default -> Log.Level.DEBUG;
            };
        }
    }
}
