package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.pptpdimport.ChapSecrets.Entry;
import io.pptpoperator.operator.pptpdimport.VyosConfig.Setting;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Translates the PPTP server of VyOS, of EdgeOS and of Vyatta, from which both come: {@code vpn pptp remote-access} as
 * {@code set} commands or as the configuration file, in the words of their releases (pools with {@code start} and
 * {@code stop}, later with names; name servers numbered, later not).
 */
final class VyosImport {

    private static final List<String> METHODS = List.of("MSCHAPv2", "MSCHAPv1", "CHAP-MD5", "PAP");
    private static final List<String> METHOD_WORDS = List.of("mschap-v2", "mschap", "chap", "pap");

    private final String file;
    private final List<Remark> comments = new ArrayList<>();
    private final List<Remark> problems = new ArrayList<>();
    private final ServerSpec server;
    private final UserDrafts drafts;
    private final Map<String, UserLines> users = new LinkedHashMap<>();
    private final List<String> methods = new ArrayList<>();
    private final RadiusDraft radius;
    private final List<Setting> radiusLines = new ArrayList<>();
    private Optional<Setting> mode = Optional.empty();
    private Optional<String> mppe = Optional.empty();
    private Optional<String> start = Optional.empty();
    private Optional<Setting> stop = Optional.empty();
    private String orderKey = "";
    private OptionalInt orderPort = OptionalInt.empty();
    private final Map<String, Object> keepalive = new LinkedHashMap<>();

    /** What is said of one user, in any order. */
    private static final class UserLines {
        private final int line;
        private String password = "";
        private Optional<String> address = Optional.empty();
        private boolean enabled = true;
        private final List<String> remarks = new ArrayList<>();
        private final Map<String, String> rates = new LinkedHashMap<>();

        private UserLines(int line) {
            this.line = line;
        }
    }

    private VyosImport(String file) {
        this.file = file;
        server = new ServerSpec(file, comments, problems);
        drafts = new UserDrafts("*", comments, problems);
        radius = new RadiusDraft(comments, problems);
    }

    /** Translates. */
    static Translation of(SourceFile source) {
        var translator = new VyosImport(source.name());
        VyosConfig.pptp(source, translator.problems).forEach(translator::take);
        return translator.finish();
    }

    private void take(Setting setting) {
        String first = setting.word(0);
        switch (first) {
            case "authentication" -> authentication(setting.from(1));
            case "client-ip-pool" -> pool(setting.from(1));
            case "gateway-address", "local-ip" -> add(setting, () -> server.local(setting.word(1)));
            case "outside-address" -> add(setting, () -> server.put("exposure",
                    Map.of("addresses", List.of(Ipv4Address.parse(setting.word(1)).toString()))));
            case "dns-servers", "name-server" -> add(setting, () -> server.dns(setting.last()));
            case "wins-servers", "wins-server" -> add(setting, () -> server.wins(setting.last()));
            case "mtu" -> number(setting, 576, 1500).ifPresent(it -> server.put("mtu", it));
            case "max-concurrent-sessions" ->
                number(setting, 1, 65_535).ifPresent(it -> server.put("limits", Map.of("maxSessions", it)));
            case "ppp-options" -> pppOptions(setting.from(1));
            case "default-pool", "description" -> {
                // The pool that is meant is the one that is there.
            }
            default -> comments.add(setting.remark("has no counterpart"));
        }
    }

    private void authentication(Setting setting) {
        switch (setting.word(0)) {
            case "local-users" -> user(setting.from(1));
            case "require", "protocols" -> {
                int known = METHOD_WORDS.indexOf(setting.last());
                if (known < 0) {
                    problems.add(setting.remark("'" + setting.last() + "' is not known"));
                } else if (!methods.contains(METHODS.get(known))) {
                    methods.add(METHODS.get(known));
                }
            }
            case "mppe" -> mppe = Optional.of(setting.last());
            case "mode" -> {
                if (setting.last().equals("radius")) {
                    mode = Optional.of(setting);
                } else if (!setting.last().equals("local")) {
                    problems.add(setting.remark("clients always have to log in; each needs a VpnUser"));
                }
            }
            case "radius", "radius-server" -> radiusLines.add(setting);
            // Not the whole line: that of a RADIUS server holds its secret.
            default -> without("authentication " + setting.word(0), setting.line());
        }
    }

    private void without(String what, int line) {
        if (comments.stream().noneMatch(it -> it.message().startsWith(what + ": "))) {
            comments.add(new Remark(file, line, what + ": has no counterpart"));
        }
    }

    private void user(Setting setting) {
        if (!setting.word(0).equals("username") || setting.word(1).isEmpty()) {
            return;
        }
        UserLines user = users.computeIfAbsent(setting.word(1), name -> new UserLines(setting.line()));
        switch (setting.word(2)) {
            case "password" -> user.password = setting.word(3);
            case "static-ip" -> user.address = Optional.of(setting.word(3)).filter(it -> !it.equals("*"));
            case "disable" -> user.enabled = false;
            case "rate-limit" -> rate(setting, user);
            case "" -> {
                // The node itself.
            }
            default -> user.remarks.add(setting.word(2) + " has no counterpart");
        }
    }

    private static void rate(Setting setting, UserLines user) {
        OptionalLong bits = setting.word(4).matches("[0-9]{1,9}")
                ? OptionalLong.of(Long.parseLong(setting.word(4)) * 1_000)
                : OptionalLong.empty();
        boolean up = setting.word(3).equals("upload");
        OptionalLong none = OptionalLong.empty();
        RateDraft.of(up ? bits : none, up ? none : bits)
                .ifPresentOrElse(user.rates::putAll, () -> user.remarks.add("rate-limit " + setting.word(3) + " "
                        + setting.word(4) + " (kbit/s) has no counterpart: 8 to 100000000 are possible"));
    }

    private void pool(Setting setting) {
        switch (setting.word(0)) {
            case "start" -> start = Optional.of(setting.word(1));
            case "stop" -> stop = Optional.of(setting);
            case "subnet" -> add(setting, () -> server.pool(setting.word(1)));
            default -> {
                if (setting.word(1).equals("range")) {
                    add(setting, () -> server.pool(setting.word(2)));
                }
            }
        }
    }

    private void pppOptions(Setting setting) {
        switch (setting.word(0)) {
            case "mppe" -> mppe = Optional.of(setting.word(1));
            case "lcp-echo-interval" -> number(setting, 0, 3600).ifPresent(it -> keepalive.put("interval", it + "s"));
            case "lcp-echo-failure" -> number(setting, 1, 100).ifPresent(it -> keepalive.put("failures", it));
            case "disable-ccp" -> mppe = Optional.of("deny");
            case "mru" ->
                comments.add(setting.remark("has no counterpart beside mtu: one number is for both directions"));
            default -> comments.add(setting.remark("has no counterpart"));
        }
    }

    private Translation finish() {
        var drawn = new ArrayList<UserDraft>();
        users.forEach((name, it) -> drafts
                .of(new Entry(file, it.line, name, ChapSecrets.ANY, it.password,
                        it.address.map(List::of).orElse(List.of()), List.of()), it.enabled,
                        it.rates.isEmpty() ? Map.of() : Map.of("rateLimit", it.rates), it.remarks)
                .ifPresent(drawn::add));
        stop.ifPresent(it -> add(it, () -> server.pool(start.orElse(it.last()) + "-" + it.last())));
        if (!keepalive.isEmpty()) {
            server.put("keepalive", keepalive);
        }
        server.security(methods.isEmpty() ? List.of("MSCHAPv2") : methods, policy());
        server.sessions(0, true, Map.of());
        mode.ifPresentOrElse(this::radius,
                () -> radiusLines.forEach(it -> without("authentication " + it.word(0), it.line())));
        return new Translation(server.spec(drawn.stream().flatMap(it -> it.address().stream()).toList()),
                Optional.of(radius).filter(RadiusDraft::isThere), drawn, comments, problems);
    }

    /** {@code radius server HOST key …} of VyOS, {@code radius-server HOST key …} of EdgeOS. No line is shown: they hold secrets. */
    private void radius(Setting radiusMode) {
        radius.decides(false);
        Map<String, Map<String, String>> servers = new LinkedHashMap<>();
        for (Setting line : radiusLines) {
            boolean ofServer = line.word(0).equals("radius-server") || line.word(1).equals("server");
            Setting rest = line.from(line.word(0).equals("radius-server") ? 1 : ofServer ? 2 : 1);
            if (ofServer) {
                servers.computeIfAbsent(rest.word(0), host -> new LinkedHashMap<>()).put(rest.word(1), rest.word(2));
            } else {
                radiusSetting(rest);
            }
        }
        servers.forEach((host, values) -> {
            if (!values.containsKey("disable")) {
                radius.server(new Remark(file, radiusMode.line(), "authentication radius"), host,
                        port(values.getOrDefault("port", "")),
                        values.containsKey("disable-accounting")
                                ? OptionalInt.of(0)
                                : port(values.getOrDefault("acct-port", "")),
                        values.getOrDefault("key", ""));
                deadTime(values.getOrDefault("fail-time", ""));
            }
        });
        radius.complainWhereNoneIsKnown(new Remark(file, radiusMode.line(), "authentication mode radius"));
        if (radius.isThere() && !users.isEmpty()) {
            comments.add(new Remark("users.source", 0, "Radius, as mode radius has it. The local users stand below all"
                    + " the same: with ResourcesThenRadius they could log in"));
        }
    }

    private void radiusSetting(Setting line) {
        switch (line.word(0)) {
            case "timeout" -> whole(line.word(1)).ifPresent(radius::timeout);
            case "max-try" -> whole(line.word(1)).ifPresent(radius::attempts);
            case "accounting-interim-interval" -> whole(line.word(1)).ifPresent(radius::interval);
            case "nas-identifier" -> radius.identifier(line.word(1));
            case "dynamic-author" -> {
                switch (line.word(1)) {
                    case "key" -> orderKey = line.word(2);
                    case "port" -> orderPort = port(line.word(2));
                    default -> {
                        // Where it listens: everywhere.
                    }
                }
                radius.orders(orderKey, orderPort);
            }
            default -> without("authentication radius " + line.word(0), line.line());
        }
    }

    private void deadTime(String seconds) {
        whole(seconds).ifPresent(radius::deadTime);
    }

    private static Optional<Integer> whole(String text) {
        return text.matches("[0-9]{1,6}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }

    private static OptionalInt port(String text) {
        return text.matches("[0-9]{1,5}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    private String policy() {
        return switch (mppe.orElse("").toLowerCase(Locale.ROOT)) {
            case "deny" -> "Off";
            case "prefer" -> "Preferred";
            case "require" -> "Required";
            default -> {
                comments.add(new Remark("encryption.policy", 0, "Required, as EdgeOS has it; releases of VyOS that say "
                        + "nothing let clients in without encryption too: Preferred would be that"));
                yield "Required";
            }
        };
    }

    private void add(Setting setting, Runnable what) {
        server.add(setting.line(), setting.text(), what);
    }

    private OptionalInt number(Setting setting, int least, int most) {
        String text = setting.last();
        int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
        if (value < least || value > most) {
            problems.add(setting.remark("must be a number from " + least + " to " + most));
            return OptionalInt.empty();
        }
        return OptionalInt.of(value);
    }
}
