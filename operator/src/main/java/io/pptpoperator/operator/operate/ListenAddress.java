package io.pptpoperator.operator.operate;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where to listen.
 *
 * @param host an address of this machine, or {@code 0.0.0.0} or {@code ::} for all of them
 * @param port 0 stands for any free one
 */
record ListenAddress(String host, int port) {

    private static final Pattern SYNTAX = Pattern.compile("(?:\\[([0-9a-fA-F:]+)]|([0-9.]*)):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    /** For picocli. */
    static final class Converter implements ITypeConverter<ListenAddress> {
        @Override
        public ListenAddress convert(String text) {
            return parse(text);
        }
    }

    /** The address may be left out: {@code :8080}. */
    static ListenAddress parse(String text) {
        Matcher parts = SYNTAX.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(3)) > MAX_PORT) {
            throw new TypeConversionException(
                    "'" + text + "' is not an address with a port, such as 0.0.0.0:8080 or [::]:8080");
        }
        String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
        return new ListenAddress(host.isEmpty() ? "0.0.0.0" : host, Integer.parseInt(parts.group(3)));
    }

    InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(host, port);
    }
}
