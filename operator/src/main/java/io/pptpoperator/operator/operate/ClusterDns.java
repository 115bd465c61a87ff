package io.pptpoperator.operator.operate;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Finds the cluster's name server where Kubernetes tells every pod of it. */
final class ClusterDns {

    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Pattern IPV4 = Pattern.compile("(?m)^nameserver\\s+([0-9]+(?:\\.[0-9]+){3})\\s*$");

    private ClusterDns() {}

    /** For picocli. */
    static final class Converter implements ITypeConverter<Ipv4Address> {
        @Override
        public Ipv4Address convert(String text) {
            try {
                return Ipv4Address.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** The given address, or else the one in {@code /etc/resolv.conf}. */
    static Optional<Ipv4Address> orFromResolvConf(Ipv4Address given) {
        if (given != null) {
            return Optional.of(given);
        }
        try {
            return of(Files.readString(RESOLV_CONF));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The first IPv4 name server of a {@code resolv.conf}; one of the machine's own is none that clients could ask. */
    static Optional<Ipv4Address> of(String resolvConf) {
        Matcher servers = IPV4.matcher(resolvConf);
        return servers.find() && !servers.group(1).startsWith("127.")
                ? Optional.of(Ipv4Address.parse(servers.group(1)))
                : Optional.empty();
    }
}
