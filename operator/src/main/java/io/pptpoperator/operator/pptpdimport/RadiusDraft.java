package io.pptpoperator.operator.pptpdimport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The RADIUS servers of a program whose configuration is translated: a PptpServer's {@code radius}, and the Secret that it
 * refers to. Secrets are in no text of it.
 */
final class RadiusDraft {

    /** One server; a port of 0 says that it is not asked for that. */
    private record Server(String host, OptionalInt login, OptionalInt accounting, String secret) {}

    private static final int MOST_SERVERS = 8;
    private static final int LONGEST_SECRET = 256;
    /** What a login takes beside asking RADIUS servers. */
    private static final long REST_OF_LOGIN = 20;
    private static final String HOST = "[0-9A-Za-z]([-.0-9A-Za-z]*[0-9A-Za-z])?";

    private final List<Remark> comments;
    private final List<Remark> problems;
    private final List<Server> servers = new ArrayList<>();
    private boolean decides;
    private boolean besideUsers;
    private OptionalLong timeout = OptionalLong.empty();
    private OptionalLong attempts = OptionalLong.empty();
    private OptionalLong deadTime = OptionalLong.empty();
    private OptionalLong interval = OptionalLong.empty();
    private Optional<String> identifier = Optional.empty();
    private Optional<Boolean> accounting = Optional.empty();
    private Optional<String> orderSecret = Optional.empty();
    private OptionalLong orderPort = OptionalLong.empty();

    RadiusDraft(List<Remark> comments, List<Remark> problems) {
        this.comments = comments;
        this.problems = problems;
    }

    /**
     * Logins are decided there.
     *
     * @param besideUsers whether the program's own users may log in as well
     */
    void decides(boolean besideUsers) {
        decides = true;
        this.besideUsers = besideUsers;
    }

    boolean isAsked() {
        return decides;
    }

    /** Whether the program's own users did not count. */
    boolean decidesAlone() {
        return decides && !besideUsers;
    }

    /** Adds a server; what cannot be one is a problem of its line. */
    void server(Remark place, String host, OptionalInt login, OptionalInt records, String secret) {
        if (!host.matches(HOST)) {
            problems.add(new Remark(place.file(), place.line(),
                    place.message() + ": '" + host + "' is neither a host name nor an IPv4 address"));
        } else if (secret.isEmpty() || secret.length() > LONGEST_SECRET) {
            problems.add(new Remark(place.file(), place.line(),
                    place.message() + ": the server " + host + " has no shared secret of 1 to 256 characters here"));
        } else if (servers.size() == MOST_SERVERS) {
            problems.add(new Remark(place.file(), place.line(),
                    place.message() + ": the server " + host + " was left out: " + MOST_SERVERS + " are the most"));
        } else {
            servers.add(new Server(host, login, records, secret));
        }
    }

    void timeout(long seconds) {
        timeout = OptionalLong.of(Math.clamp(seconds, 1, 60));
    }

    void attempts(long times) {
        attempts = OptionalLong.of(Math.clamp(times, 1, 10));
    }

    void deadTime(long seconds) {
        deadTime = OptionalLong.of(Math.clamp(seconds, 0, 3600));
    }

    void identifier(String name) {
        identifier = Optional.of(name).filter(it -> it.matches("[!-~]([ -~]{0,251}[!-~])?"));
    }

    void accounting(boolean enabled) {
        accounting = Optional.of(enabled);
    }

    /** Seconds between records of one session; 0 for none. */
    void interval(long seconds) {
        interval = OptionalLong.of(seconds == 0 ? 0 : Math.clamp(seconds, 60, 86_400));
    }

    /** The servers may end and change sessions. */
    void orders(String secret, OptionalInt port) {
        orderSecret = Optional.of(secret).filter(it -> !it.isEmpty());
        orderPort = port.isPresent() ? OptionalLong.of(port.getAsInt()) : OptionalLong.empty();
    }

    /** Whether there is anything to write. */
    boolean isThere() {
        return decides && !servers.isEmpty();
    }

    /** Notes that no server is known, where one should be. */
    void complainWhereNoneIsKnown(Remark place) {
        if (decides && servers.isEmpty()) {
            problems.add(new Remark(place.file(), place.line(), place.message()
                    + ": the users are at a RADIUS server that this file does not name; put it into radius.servers,"
                    + " or give each user a VpnUser"));
        }
    }

    /** The data of the Secret, by its keys. */
    Map<String, String> secrets() {
        var secrets = new LinkedHashMap<String, String>();
        for (int i = 0; i < servers.size(); i++) {
            secrets.put(key(i), servers.get(i).secret);
        }
        orderSecret().ifPresent(it -> secrets.put("dynamic-authorization", it));
        return secrets;
    }

    private static String key(int server) {
        return "server-" + (server + 1);
    }

    /** RouterOS and others use the servers' own secrets for orders too. */
    private Optional<String> orderSecret() {
        return orderPort.isPresent() || orderSecret.isPresent()
                ? orderSecret.or(() -> Optional.of(servers.getFirst().secret))
                : Optional.empty();
    }

    /**
     * Adds what a spec says of it.
     *
     * @param secret the name of the Secret
     */
    void addTo(Map<String, Object> spec, String secret) {
        var users = new LinkedHashMap<String, Object>();
        if (spec.get("users") instanceof Map<?, ?> before) {
            before.forEach((key, value) -> users.put(key.toString(), value));
        }
        users.put("source", besideUsers ? "ResourcesThenRadius" : "Radius");
        spec.put("users", users);
        var radius = new LinkedHashMap<String, Object>();
        var list = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < servers.size(); i++) {
            list.add(spec(i, secret));
        }
        radius.put("servers", list);
        timeout.ifPresent(it -> radius.put("timeout", it + "s"));
        attempts.ifPresent(it -> radius.put("attempts", it));
        deadTime.ifPresent(it -> radius.put("deadTime", it + "s"));
        identifier.ifPresent(it -> radius.put("nasIdentifier", it));
        var records = new LinkedHashMap<String, Object>();
        boolean told = accounting.orElse(true)
                && servers.stream().anyMatch(it -> it.accounting.isEmpty() || it.accounting.getAsInt() != 0);
        if (!told) {
            records.put("enabled", false);
        }
        interval.ifPresent(it -> records.put("interval", it + "s"));
        if (!records.isEmpty()) {
            radius.put("accounting", records);
        }
        orders(secret).ifPresent(it -> radius.put("dynamicAuthorization", it));
        spec.put("radius", radius);
        long asking = timeout.orElse(3) * attempts.orElse(3);
        if (asking + REST_OF_LOGIN > 30) {
            var authentication = new LinkedHashMap<String, Object>();
            ((Map<?, ?>) spec.get("authentication")).forEach((key, value) -> authentication.put(key.toString(), value));
            authentication.put("timeout", asking + REST_OF_LOGIN + "s");
            spec.put("authentication", authentication);
        }
        comments.add(new Remark("radius.requireMessageAuthenticator", 0, "true, the default: answers must have a"
                + " Message-Authenticator (CVE-2024-3596), which FreeRADIUS before 3.2.5 sends only when told to;"
                + " docs/radius.md has the lines. The server has to know the nodes' addresses as its clients"));
    }

    private Map<String, Object> spec(int index, String secret) {
        Server server = servers.get(index);
        var spec = new LinkedHashMap<String, Object>();
        spec.put("host", server.host);
        server.login.ifPresent(it -> spec.put("authenticationPort", it));
        server.accounting.ifPresent(it -> spec.put("accountingPort", it));
        spec.put("secret", reference(secret, key(index)));
        if (index > 0) {
            spec.put("priority", index);
        }
        return spec;
    }

    private Optional<Map<String, Object>> orders(String secret) {
        if (orderSecret().isEmpty()) {
            return Optional.empty();
        }
        List<String> clients = servers.stream()
                .map(Server::host)
                .filter(it -> it.matches("[0-9]+(\\.[0-9]+){3}"))
                .distinct()
                .map(it -> it + "/32")
                .toList();
        if (clients.isEmpty()) {
            comments.add(new Remark("radius.dynamicAuthorization", 0,
                    "was left out: its clients are addresses, and the" + " servers have names here"));
            return Optional.empty();
        }
        var orders = new LinkedHashMap<String, Object>();
        orders.put("enabled", true);
        orderPort.ifPresent(it -> orders.put("port", it));
        orders.put("clients", clients);
        orders.put("secret", reference(secret, "dynamic-authorization"));
        return Optional.of(orders);
    }

    private static Map<String, Object> reference(String secret, String key) {
        var reference = new LinkedHashMap<String, Object>();
        reference.put("name", secret);
        reference.put("key", key);
        return Map.of("secretKeyRef", reference);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "RadiusDraft[" + servers.size() + " servers]";
    }
}
