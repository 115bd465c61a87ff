package io.pptpoperator.dataplane.radius;

import io.pptpoperator.protocol.radius.PacketAuthentication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A FreeRADIUS server on loopback with a configuration of its own, Debian's package. */
public final class FreeRadius implements AutoCloseable {
    /** What it shares with its client. */
    public static final String SECRET = "testing123";

    private static final String PROGRAM = "freeradius";
    private static final String SIGNED = """
            update reply {
                  Message-Authenticator := 0x00
                }""";

    private static final String TLS_CLIENTS = """
            clients radsec {
                  client 127.0.0.1 {
                    ipaddr = 127.0.0.1
                    proto = tls
                    secret = radsec
                  }
                }
            """;

    private final Process process;
    private final Path books;
    private final int port;
    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();

    /** @param books the folder below which it writes what it is told of accounting */
    private FreeRadius(Path books, int port, Process process) {
        this.books = books;
        this.port = port;
        this.process = process;
        Thread.ofPlatform().daemon().name("freeradius").start(this::read);
    }

    private static String tls(Path folder, int port) {
        return """
                listen {
                        type = auth+acct
                        proto = tcp
                        ipaddr = 127.0.0.1
                        port = %2$d
                        virtual_server = lab
                        clients = radsec
                        tls {
                          private_key_file = %1$s/server.key
                          certificate_file = %1$s/server.pem
                          ca_file = %1$s/ca.pem
                          require_client_cert = yes
                          tls_min_version = "1.2"
                          tls_max_version = "1.3"
                          cipher_list = "DEFAULT"
                          ecdh_curve = ""
                        }
                      }""".formatted(folder, port);
    }

    private static String eap(Path folder) {
        return """
                eap {
                    default_eap_type = tls
                    tls-config lab {
                      private_key_file = %1$s/server.key
                      certificate_file = %1$s/server.pem
                      ca_file = %1$s/ca.pem
                      tls_max_version = "1.2"
                      cipher_list = "DEFAULT"
                      ecdh_curve = ""
                    }
                    md5 {
                    }
                    tls {
                      tls = lab
                    }
                  }""".formatted(folder);
    }

    /**
     * Starts one, and waits until it serves.
     *
     * @param users a users file
     * @param signed whether it puts a Message-Authenticator into its replies, which Debian 12's does only when told to
     */
    static FreeRadius start(Path folder, int port, String users, boolean signed) {
        return start(folder, port, users, signed, UnaryOperator.identity());
    }

    /**
     * Starts one somewhere else.
     *
     * @param where makes the command that starts it there of the one that starts it here
     */
    public static FreeRadius start(Path folder, int port, String users, boolean signed,
            UnaryOperator<List<String>> where) {
        try {
            Files.writeString(folder.resolve("users"), users);
            Files.writeString(folder.resolve("radiusd.conf"), configuration(folder, port, signed));
            return run(folder, folder, port, where);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts one whose configuration is there, and waits until it serves.
     *
     * @param books the folder below which it writes what it is told of accounting
     */
    static FreeRadius run(Path folder, Path books, int port, UnaryOperator<List<String>> where) {
        try {
            var server = new FreeRadius(books, port,
                    new ProcessBuilder(where.apply(
                            List.of("/usr/sbin/" + PROGRAM, "-f", "-x", "-l", "stdout", "-d", folder.toString())))
                            .redirectErrorStream(true)
                            .start());
            server.awaitLine("Ready to process requests");
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String configuration(Path folder, int port, boolean signed) {
        return """
                prefix = /usr
                libdir = /usr/lib/freeradius
                logdir = %1$s
                run_dir = %1$s
                db_dir = %1$s
                pidfile = %1$s/pid
                max_request_time = 10
                cleanup_delay = 2
                security {
                  reject_delay = 0
                  status_server = yes
                  allow_vulnerable_openssl = yes
                }
                thread pool {
                  start_servers = 2
                  max_servers = 8
                  min_spare_servers = 1
                  max_spare_servers = 8
                }
                modules {
                  pap {
                  }
                  chap {
                  }
                  mschap {
                    use_mppe = yes
                    with_ntdomain_hack = yes
                  }
                  files {
                    usersfile = %1$s/users
                    key = "%%{%%{Stripped-User-Name}:-%%{User-Name}}"
                  }
                  %6$s
                  detail {
                    filename = %1$s/detail
                  }
                }
                client lab {
                  ipaddr = 127.0.0.1
                  secret = testing123
                }
                %7$s
                server lab {
                  %8$s
                  listen {
                    type = auth
                    ipaddr = 127.0.0.1
                    port = %2$d
                  }
                  listen {
                    type = acct
                    ipaddr = 127.0.0.1
                    port = %3$d
                  }
                  authorize {
                    if (&User-Name =~ /^([^\\\\]*)\\\\(.+)$/) {
                      update request {
                        Stripped-User-Name := "%%{2}"
                      }
                    }
                    %5$s
                    chap
                    mschap
                    files
                    pap
                  }
                  authenticate {
                    %5$s
                    Auth-Type PAP {
                      pap
                    }
                    Auth-Type CHAP {
                      chap
                    }
                    Auth-Type MS-CHAP {
                      mschap
                    }
                  }
                  preacct {
                  }
                  accounting {
                    detail
                  }
                  post-auth {
                    %4$s
                    Post-Auth-Type REJECT {
                      %4$s
                    }
                  }
                }
                """.formatted(folder, port, port + 1, signed ? SIGNED : "", hasCertificates(folder) ? "eap" : "",
                hasCertificates(folder) ? eap(folder) : "", hasCertificates(folder) ? TLS_CLIENTS : "",
                hasCertificates(folder) ? tls(folder, port + 2) : "");
    }

    private static boolean hasCertificates(Path folder) {
        return Files.exists(folder.resolve("server.pem"));
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines().forEach(log::add);
        } catch (IOException | UncheckedIOException e) {
            log.add("its output ended: " + e.getMessage());
        }
    }

    private void awaitLine(String text) {
        var heard = new StringBuilder();
        try {
            for (String line = log.poll(60, TimeUnit.SECONDS); line != null; line = log.poll(60, TimeUnit.SECONDS)) {
                if (line.contains(text)) {
                    return;
                }
                heard.append(line).append('\n');
                if (!process.isAlive() && log.isEmpty()) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("FreeRADIUS never said '" + text + "', but\n" + heard);
    }

    /** As a client names it. */
    RadiusServer server(PacketAuthentication.Demand demand) {
        return server(demand, SECRET);
    }

    /** As a client names it that knows another secret. */
    RadiusServer server(PacketAuthentication.Demand demand, String secret) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new RadiusServer("freeradius", 0, Optional.of(new InetSocketAddress(loopback, port)),
                Optional.of(new InetSocketAddress(loopback, port + 1)),
                new PacketAuthentication(secret.getBytes(StandardCharsets.US_ASCII)), demand, Optional.empty());
    }

    /** What accounting it has been told, as its detail module writes it: into one file, or one for each client and day. */
    public String detail() {
        try (Stream<Path> files = Files.walk(books)) {
            return files.filter(Files::isRegularFile)
                    .filter(it -> it.getFileName().toString().matches("detail(-\\d+)?"))
                    .map(FreeRadius::text)
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records of {@link #detail}, whole. */
    public List<String> records() {
        return Arrays.stream(detail().split("\n\n", -1)).filter(it -> !it.isBlank()).toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
