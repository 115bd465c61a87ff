package io.pptpoperator.dataplane.admin;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.pptpoperator.dataplane.config.ServerConfig.Log;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is logged, and how: one line an event on standard error, as text or JSON, key-value pairs included. The level
 * concerns this project's own messages; libraries speak only from warnings up.
 *
 * <p>Logback finds this class by its service file, so that there is no configuration file, and nothing is logged in
 * another form before the server's configuration is read.
 */
public final class Logging extends ContextAwareBase implements Configurator {

    private static final String OWN = "io.pptpoperator";

    /** For Logback. */
    public Logging() {}

    /** For Logback: the defaults, until {@link #apply} is called. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        install(context, Log.DEFAULTS);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Logs as configured from now on. */
    public static void apply(Log config) {
        install((LoggerContext) LoggerFactory.getILoggerFactory(), config);
    }

    /** Changes the level only. */
    public static void setLevel(Log.Level level) {
        setLevel((LoggerContext) LoggerFactory.getILoggerFactory(), level);
    }

    private static void install(LoggerContext context, Log config) {
        context.reset();
        Encoder<ILoggingEvent> encoder = switch (config.format()) {
            case TEXT -> new TextLogEncoder();
            case JSON -> new JsonLogEncoder();
        };
        encoder.setContext(context);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("console");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
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
}
