package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** Translates {@code accel-ppp.conf} with its {@code chap-secrets}, as far as they concern PPTP. */
final class AccelPppImport {

    private static final Map<String, String> METHODS = Map.of("auth_mschap_v2", "MSCHAPv2", "auth_mschap_v1",
            "MSCHAPv1", "auth_chap_md5", "CHAP-MD5", "auth_pap", "PAP");
    private static final List<String> STRONGEST_FIRST = List.of("MSCHAPv2", "MSCHAPv1", "CHAP-MD5", "PAP");
    private static final String DEFAULT_SECRETS = "/etc/ppp/chap-secrets";
    /** Sections that concern other tunnels, or how the program runs. */
    private static final Set<String> PASSED_OVER = Set.of("core", "log", "log_file", "log-pgsql", "pppoe", "l2tp",
            "sstp", "ipoe", "cli", "snmp", "ipv6-pool", "ipv6-dns", "ipv6-dhcp", "ipv6-nd", "accel-dp", "connlimit");

    /**
     * One line of a section.
     *
     * @param line its number
     * @param name up to the equals sign, or all of it
     * @param value behind it, or nothing
     */
    private record Line(int line, String name, String value) {}

    private final SourceFile source;
    private final List<Remark> comments = new ArrayList<>();
    private final List<Remark> problems = new ArrayList<>();
    private final ServerSpec server;
    private final RadiusDraft radius = new RadiusDraft(comments, problems);
    private final Map<String, List<Line>> sections = new LinkedHashMap<>();

    private AccelPppImport(SourceFile source) {
        this.source = source;
        server = new ServerSpec(source.name(), comments, problems);
    }

    /**
     * Translates.
     *
     * @param secrets finds the file of users by the path that the configuration has for it
     */
    static Translation of(SourceFile source, Function<String, Optional<SourceFile>> secrets) {
        var translator = new AccelPppImport(source);
        translator.read();
        return translator.translate(secrets);
    }

    private void read() {
        List<Line> section = new ArrayList<>();
        int number = 0;
        for (String raw : source.text().lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.startsWith("[") && line.endsWith("]")) {
                section = sections.computeIfAbsent(line.substring(1, line.length() - 1), name -> new ArrayList<>());
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                int equals = line.indexOf('=');
                section.add(new Line(number, equals < 0 ? line : line.substring(0, equals).strip(),
                        equals < 0 ? "" : line.substring(equals + 1).strip()));
            }
        }
    }

    private Translation translate(Function<String, Optional<SourceFile>> secrets) {
        var methods = new ArrayList<>(lines("modules").stream()
                .map(it -> METHODS.getOrDefault(it.name(), ""))
                .filter(it -> !it.isEmpty())
                .distinct()
                .toList());
        methods.sort((a, b) -> STRONGEST_FIRST.indexOf(a) - STRONGEST_FIRST.indexOf(b));
        server.security(methods, policy());
        ppp();
        addresses();
        limits();
        for (String module : List.of("radius", "shaper", "pppd_compat")) {
            lines("modules").stream().filter(it -> it.name().equals(module)).forEach(this::module);
        }
        sections.forEach((name, lines) -> {
            if (PASSED_OVER.contains(name)) {
                comments.add(new Remark(source.name(), 0, "[" + name + "] concerns other things than PPTP"));
            }
        });
        List<UserDraft> users = users(secrets);
        return new Translation(server.spec(users.stream().flatMap(it -> it.address().stream()).toList()),
                Optional.of(radius).filter(RadiusDraft::isThere), users, comments, problems);
    }

    private List<Line> lines(String section) {
        return sections.getOrDefault(section, List.of());
    }

    /** The last line of a name in the first of the sections that has one. */
    private Optional<Line> last(String name, String... places) {
        for (String place : places) {
            Optional<Line> found = lines(place).stream().filter(it -> it.name().equals(name)).reduce((a, b) -> b);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private String policy() {
        String mppe = last("mppe", "pptp", "ppp").map(Line::value).orElse("");
        return switch (mppe) {
            case "deny" -> "Off";
            case "require" -> "Required";
            default -> {
                comments.add(
                        new Remark("encryption.policy", 0, "Preferred, because mppe is not require, and accel-ppp lets "
                                + "clients in without encryption then; Required keeps them out"));
                yield "Preferred";
            }
        };
    }

    private void ppp() {
        last("ppp-max-mtu", "pptp").or(() -> last("mtu", "ppp"))
                .flatMap(it -> number(it, 576, 1500))
                .ifPresent(it -> server.put("mtu", it));
        var keepalive = new LinkedHashMap<String, Object>();
        last("lcp-echo-interval", "ppp").flatMap(it -> number(it, 0, 3600))
                .ifPresent(it -> keepalive.put("interval", it + "s"));
        last("lcp-echo-failure", "ppp").flatMap(it -> number(it, 1, 100))
                .ifPresent(it -> keepalive.put("failures", it));
        if (!keepalive.isEmpty()) {
            server.put("keepalive", keepalive);
        }
        last("bind", "pptp").ifPresent(it -> {
            comments.add(remark(it,
                    "is shown as the address to dial, but the server listens on all addresses of its machine"));
            server.add(it.line(), "bind", () -> server.put("exposure",
                    Map.of("addresses", List.of(Ipv4Address.parse(it.value()).toString()))));
        });
        for (Line line : lines("client-ip-range")) {
            if (!line.name().equals("disable") && !line.name().equals("0.0.0.0/0")) {
                comments.add(remark(line,
                        "has no counterpart for a whole server: allowedSources of a VpnUser says from where "
                                + "a user may dial"));
            }
        }
    }

    private void addresses() {
        last("gw-ip-address", "ip-pool", "chap-secrets", "radius")
                .ifPresent(it -> server.add(it.line(), it.name(), () -> server.local(it.value())));
        Optional<String> pool = last("ip-pool", "pptp").map(Line::value);
        for (Line line : lines("ip-pool")) {
            if (line.name().matches("[0-9].*")) {
                String[] parts = (line.name() + (line.value().isEmpty() ? "" : "=" + line.value())).split("[,()]", -1);
                String name = parts.length > 1 ? parts[1].replaceFirst("^name=", "") : "";
                if (pool.isEmpty() || pool.get().equals(name)) {
                    server.add(line.line(), parts[0], () -> server.pool(parts[0]));
                } else {
                    comments.add(remark(line, "was left out: [pptp] takes its addresses from the pool " + pool.get()));
                }
            }
        }
        for (int i = 1; i <= 2; i++) {
            last("dns" + i, "dns").ifPresent(it -> server.add(it.line(), it.name(), () -> server.dns(it.value())));
            last("wins" + i, "wins").ifPresent(it -> server.add(it.line(), it.name(), () -> server.wins(it.value())));
        }
    }

    private void limits() {
        Optional<String> single = last("single-session", "ppp", "common").map(Line::value);
        var limits = new LinkedHashMap<String, String>();
        last("session-timeout", "common", "ppp").flatMap(it -> number(it, 1, 31_536_000))
                .ifPresent(it -> limits.put("maxDuration", it + "s"));
        server.sessions(single.isPresent() ? 1 : 0, !single.orElse("").equals("deny"), limits);
        last("max-sessions", "common").flatMap(it -> number(it, 1, 65_535))
                .ifPresent(it -> server.put("limits", Map.of("maxSessions", it)));
        last("noauth", "auth").filter(it -> it.value().equals("1"))
                .ifPresent(it -> problems.add(remark(it, "clients always have to log in; each needs a VpnUser")));
        last("any-login", "auth").filter(it -> it.value().equals("1"))
                .ifPresent(it -> problems.add(remark(it, "clients always have to log in; each needs a VpnUser")));
    }

    private void module(Line module) {
        switch (module.name()) {
            case "radius" -> radius(module);
            case "shaper" -> comments.add(remark(module, "a user's rate is the rateLimit of its VpnUser"));
            default -> comments.add(remark(module, "has no counterpart: the server runs no scripts"));
        }
    }

    /** Servers in the words of today's releases ({@code server}) and of older ones, one for each purpose. */
    private void radius(Line module) {
        radius.decides(lines("modules").stream().anyMatch(it -> it.name().equals("chap-secrets")));
        for (Line line : lines("radius")) {
            switch (line.name()) {
                case "server" -> radiusServer(line);
                case "auth-server" -> oneServer(line, false);
                case "acct-server" -> oneServer(line, true);
                case "dae-server" -> {
                    String[] parts = line.value().split(",", -1);
                    radius.orders(parts.length > 1 ? parts[1] : "", port(parts[0]));
                }
                case "timeout" -> number(line, 1, 60).ifPresent(radius::timeout);
                case "max-try" -> number(line, 1, 100).ifPresent(radius::attempts);
                case "acct-interim-interval" -> number(line, 0, 86_400).ifPresent(radius::interval);
                case "nas-identifier" -> radius.identifier(line.value());
                case "gw-ip-address", "dictionary", "verbose", "acct-timeout", "acct-delay-time", "acct-interim-jitter",
                        "interim-verbose" -> {
                    // Said elsewhere, or how the program itself goes about it.
                }
                default -> comments.add(
                        new Remark(source.name(), line.line(), "[radius] " + line.name() + ": has no counterpart"));
            }
        }
        radius.complainWhereNoneIsKnown(new Remark(source.name(), module.line(), "radius"));
    }

    /** {@code server=10.0.0.9,secret,auth-port=1812,acct-port=1813,fail-time=30}. */
    private void radiusServer(Line line) {
        String[] parts = line.value().split(",", -1);
        var ports = new LinkedHashMap<String, String>();
        for (int i = 2; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            ports.put(equals < 0 ? parts[i] : parts[i].substring(0, equals),
                    equals < 0 ? "" : parts[i].substring(equals + 1));
        }
        String dead = ports.getOrDefault("fail-time", ports.getOrDefault("fail-timeout", ""));
        if (dead.matches("[0-9]{1,6}")) {
            radius.deadTime(Integer.parseInt(dead));
        }
        radius.server(new Remark(source.name(), line.line(), "server"), parts[0],
                port(":" + ports.getOrDefault("auth-port", "")), port(":" + ports.getOrDefault("acct-port", "")),
                parts.length > 1 ? parts[1] : "");
    }

    private void oneServer(Line line, boolean accounting) {
        String[] parts = line.value().split(",", -1);
        OptionalInt port = port(parts[0]);
        radius.server(new Remark(source.name(), line.line(), line.name()), parts[0].split(":", -1)[0],
                accounting ? OptionalInt.of(0) : port, accounting ? port : OptionalInt.of(0),
                parts.length > 1 ? parts[1] : "");
    }

    /** The number behind the colon. */
    private static OptionalInt port(String text) {
        String number = text.substring(text.indexOf(':') + 1);
        return text.contains(":") && number.matches("[0-9]{1,5}")
                ? OptionalInt.of(Integer.parseInt(number))
                : OptionalInt.empty();
    }

    /** The fourth word of a line is an address or {@code *}, and accel-ppp's fifth a rate. */
    private List<UserDraft> users(Function<String, Optional<SourceFile>> secrets) {
        if (lines("modules").stream().noneMatch(it -> it.name().equals("chap-secrets"))) {
            return List.of();
        }
        String path = last("chap-secrets", "chap-secrets").map(Line::value).orElse(DEFAULT_SECRETS);
        Optional<SourceFile> file = secrets.apply(path);
        if (file.isEmpty()) {
            problems.add(new Remark(source.name(), 0, "the users' file " + path + " was not found here; name it with "
                    + "--chap-secrets and import again"));
            return List.of();
        }
        if (last("encrypted", "chap-secrets").filter(it -> it.value().equals("1")).isPresent()) {
            problems.add(new Remark(source.name(), 0, "encrypted=1: the users' passwords are encrypted with a key of "
                    + "accel-ppp's; each VpnUser needs its password anew"));
            return List.of();
        }
        var drafts = new UserDrafts(ChapSecrets.ANY, comments, problems);
        var users = new ArrayList<UserDraft>();
        double multiplier = last("rate-multiplier", "shaper").map(Line::value)
                .filter(it -> it.matches("[0-9]{1,6}([.][0-9]{1,6})?"))
                .map(Double::valueOf)
                .orElse(1.0);
        for (ChapSecrets.Entry entry : ChapSecrets.parse(file.get(), problems)) {
            Optional<String> rate = entry.addresses().stream().skip(1).findFirst();
            Optional<Map<String, String>> limit = rate.flatMap(it -> RateDraft.ofAccel(it, multiplier));
            List<String> remarks = rate.isPresent() && limit.isEmpty()
                    ? List.of("the rate " + rate.get() + " has no counterpart: one such as 2048/512 has")
                    : List.of();
            drafts.of(
                    new ChapSecrets.Entry(entry.file(), entry.line(), entry.client(), ChapSecrets.ANY, entry.secret(),
                            entry.addresses().stream().limit(1).toList(), List.of()),
                    true, limit.<Map<String, Object>>map(it -> Map.of("rateLimit", it)).orElse(Map.of()), remarks)
                    .ifPresent(users::add);
        }
        return users;
    }

    private Optional<Integer> number(Line line, int least, int most) {
        int value = line.value().matches("[0-9]{1,9}") ? Integer.parseInt(line.value()) : -1;
        if (value < least || value > most) {
            problems.add(remark(line, "must be a number from " + least + " to " + most));
            return Optional.empty();
        }
        return Optional.of(value);
    }

    private Remark remark(Line line, String message) {
        return new Remark(source.name(), line.line(),
                line.name() + (line.value().isEmpty() ? "" : "=" + line.value()) + ": " + message);
    }
}
