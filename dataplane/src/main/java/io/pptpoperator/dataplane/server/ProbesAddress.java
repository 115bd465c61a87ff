package io.pptpoperator.dataplane.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an address with a port: {@code 127.0.0.1:9724}, or {@code fd00::5:9724}, where the last colon counts. */
final class ProbesAddress implements ITypeConverter<InetSocketAddress> {

    private static final int MOST = 65_535;

    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= MOST) {
                return new InetSocketAddress(InetAddress.ofLiteral(text.substring(0, colon)), port);
            }
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException("'" + text + "' is not an IP address with a port, such as 127.0.0.1:9724");
    }
}
