package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.pptpdimport.ChapSecrets.Entry;
import io.pptpoperator.operator.pptpdimport.RouterOsExport.Command;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Translates the PPTP server of a MikroTik router: its server, the profile that the server names, that profile's pool,
 * and the secrets that PPTP may use.
 */
final class RouterOsImport {

    private static final List<String> METHODS = List.of("MSCHAPv2", "MSCHAPv1", "CHAP-MD5", "PAP");
    private static final List<String> METHOD_WORDS = List.of("mschap2", "mschap1", "chap", "pap");
    /** What RouterOS leaves out of an export: its own defaults. */
    private static final String DEFAULT_PROFILE = "default-encryption";

    private final String file;
    private final List<Remark> comments = new ArrayList<>();
    private final List<Remark> problems = new ArrayList<>();
    private final ServerSpec server;
    private final UserDrafts drafts;
    private final Map<String, Command> pools = new LinkedHashMap<>();
    private final Map<String, Command> profiles = new LinkedHashMap<>();
    private final List<Command> secrets = new ArrayList<>();
    private final RadiusDraft radius;
    private final List<Command> radiusServers = new ArrayList<>();
    private Optional<Command> settings = Optional.empty();
    private Optional<Command> aaa = Optional.empty();
    private Optional<Command> orders = Optional.empty();

    private RouterOsImport(String file) {
        this.file = file;
        server = new ServerSpec(file, comments, problems);
        drafts = new UserDrafts("*", comments, problems);
        radius = new RadiusDraft(comments, problems);
    }

    /** Translates. */
    static Translation of(SourceFile source) {
        var translator = new RouterOsImport(source.name());
        RouterOsExport.parse(source).forEach(translator::take);
        return translator.finish();
    }

    private void take(Command command) {
        switch (command.menu()) {
            case "/ip pool" -> pools.put(command.value("name"), command);
            case "/ppp profile" -> profiles.merge(nameOf(command), command, RouterOsImport::merged);
            case "/ppp secret" -> secrets.add(command);
            case "/interface pptp-server server" -> settings = Optional.of(command);
            case "/ppp aaa" -> aaa(command);
            case "/radius" -> radiusServers.add(command);
            case "/radius incoming" -> orders = Optional.of(command).filter(it -> it.is("accept"));
            default -> {
                // Other parts of the router.
            }
        }
    }

    private void aaa(Command command) {
        if (command.is("use-radius")) {
            aaa = Optional.of(command);
            // The router asks its own secrets first.
            radius.decides(true);
        }
    }

    /** The servers for PPP, in their order; what the router leaves out of an export is its default. */
    private void radius(Command command) {
        radius.accounting(!command.value("accounting").equals("no"));
        duration(command, "interim-update").map(it -> Long.parseLong(it.substring(0, it.length() - 1)))
                .ifPresentOrElse(radius::interval, () -> radius.interval(0));
        for (Command server : radiusServers) {
            boolean forPpp = list(server.value("service")).contains("ppp") && !server.is("disabled");
            if (forPpp && !server.value("protocol").equals("radsec")) {
                radius.server(remark(server, "address", ""), server.value("address"),
                        port(server, "authentication-port"), port(server, "accounting-port"), server.value("secret"));
            } else if (forPpp) {
                problems.add(remark(server, "protocol=radsec",
                        "was left out: it needs tls.ca of the server's authority;" + " docs/radius.md has an example"));
            }
        }
        orders.ifPresent(it -> radius.orders("", it.value("port").isEmpty() ? OptionalInt.of(3799) : port(it, "port")));
        radius.complainWhereNoneIsKnown(remark(command, "use-radius=yes", ""));
    }

    private static OptionalInt port(Command command, String field) {
        String value = command.value(field);
        return value.matches("[0-9]{1,5}") ? OptionalInt.of(Integer.parseInt(value)) : OptionalInt.empty();
    }

    /** RouterOS calls its two built-in profiles *0 and *FFFFFFFE in exports. */
    private static String nameOf(Command profile) {
        String name = profile.verb().equals("add") ? profile.value("name") : profile.item();
        return switch (name) {
            case "*0" -> "default";
            case "*FFFFFFFE" -> DEFAULT_PROFILE;
            default -> name;
        };
    }

    private static Command merged(Command first, Command second) {
        var values = new LinkedHashMap<>(first.values());
        values.putAll(second.values());
        return new Command(second.file(), second.line(), second.menu(), second.verb(), second.item(), values);
    }

    private Translation finish() {
        Command pptp = settings.orElseGet(() -> {
            problems.add(new Remark(file, 0, "there is no '/interface pptp-server server': export the whole router, or "
                    + "with it '/ppp' and '/ip pool'"));
            return new Command(file, 0, "", "set", "", Map.of());
        });
        if (pptp.value("enabled").equals("no")) {
            comments.add(remark(pptp, "enabled=no", "the router served nobody; the PptpServer does"));
        }
        String profileName = pptp.values().getOrDefault("default-profile", DEFAULT_PROFILE);
        Command profile = profiles.getOrDefault(profileName, new Command(file, 0, "", "set", profileName, Map.of()));
        profile(profile);
        server.security(methods(pptp), policy(profile, profileName));
        mtu(pptp);
        keepalive(pptp);
        List<UserDraft> users = users(profileName);
        aaa.ifPresent(this::radius);
        return new Translation(server.spec(users.stream().flatMap(it -> it.address().stream()).toList()),
                Optional.of(radius).filter(RadiusDraft::isThere), users, comments, problems);
    }

    private void profile(Command profile) {
        address(profile, "local-address")
                .ifPresent(it -> server.add(profile.line(), "local-address", () -> server.local(it)));
        String remote = profile.value("remote-address");
        if (!remote.isEmpty()) {
            pool(profile, remote, new TreeSet<>());
        }
        for (String dns : list(profile.value("dns-server"))) {
            server.add(profile.line(), "dns-server", () -> server.dns(dns));
        }
        for (String wins : list(profile.value("wins-server"))) {
            server.add(profile.line(), "wins-server", () -> server.wins(wins));
        }
        var limits = new LinkedHashMap<String, String>();
        duration(profile, "idle-timeout").ifPresent(it -> limits.put("idleTimeout", it));
        duration(profile, "session-timeout").ifPresent(it -> limits.put("maxDuration", it));
        server.sessions(profile.is("only-one") ? 1 : 0, false, limits);
        for (String other : List.of("on-up", "on-down", "bridge", "address-list", "incoming-filter",
                "outgoing-filter")) {
            if (!profile.value(other).isEmpty()) {
                comments.add(remark(profile, other, "has no counterpart"));
            }
        }
    }

    /** A pool by its name, and those that are used when it is empty. */
    private void pool(Command by, String name, Set<String> seen) {
        Command pool = pools.get(name);
        if (pool == null) {
            server.add(by.line(), "remote-address", () -> server.pool(name));
            return;
        }
        for (String range : list(pool.value("ranges"))) {
            server.add(pool.line(), "ranges", () -> server.pool(range));
        }
        String next = pool.value("next-pool");
        if (seen.add(name) && pools.containsKey(next)) {
            pool(pool, next, seen);
        }
    }

    /** An address; of a pool its first one, since one address is the server's end of all links. */
    private Optional<String> address(Command profile, String field) {
        String value = profile.value(field);
        if (pools.containsKey(value)) {
            return Optional.of(list(pools.get(value).value("ranges")).getFirst().split("[-/]", -1)[0]);
        }
        return Optional.of(value).filter(it -> !it.isEmpty());
    }

    private List<String> methods(Command pptp) {
        var methods = new ArrayList<String>();
        for (int i = 0; i < METHODS.size(); i++) {
            if (list(pptp.value("authentication")).contains(METHOD_WORDS.get(i))) {
                methods.add(METHODS.get(i));
            }
        }
        return methods;
    }

    private String policy(Command profile, String name) {
        String encryption = profile.values()
                .getOrDefault("use-encryption", name.equals(DEFAULT_PROFILE) ? "yes" : "default");
        return switch (encryption) {
            case "no" -> "Off";
            case "required", "require" -> "Required";
            default -> {
                comments.add(
                        remark(profile, "use-encryption=" + encryption, "Preferred, because the router let clients in "
                                + "without encryption too; Required keeps them out"));
                yield "Preferred";
            }
        };
    }

    private void mtu(Command pptp) {
        for (String field : List.of("max-mtu", "max-mru")) {
            String value = pptp.value(field);
            if (value.matches("[0-9]{3,4}") && Integer.parseInt(value) >= 576 && Integer.parseInt(value) <= 1500) {
                server.put("mtu", Integer.parseInt(value));
                return;
            }
        }
    }

    private void keepalive(Command pptp) {
        String value = pptp.value("keepalive-timeout");
        if (value.equals("disabled")) {
            server.put("keepalive", Map.of("interval", "0s"));
        } else if (value.matches("[1-9][0-9]{0,3}")) {
            int failures = 3;
            server.put("keepalive",
                    Map.of("interval", Math.max(1, Integer.parseInt(value) / failures) + "s", "failures", failures));
        }
    }

    private List<UserDraft> users(String serversProfile) {
        var users = new ArrayList<UserDraft>();
        for (Command secret : secrets) {
            String name = secret.value("name");
            String service = secret.values().getOrDefault("service", "any");
            if (!service.equals("any") && !service.equals("pptp")) {
                comments.add(remark(secret, name, "was left out: it is for " + service));
            } else if (secret.value("password").isEmpty()) {
                problems.add(remark(secret, name, "was left out: the export has no password for it; export with "
                        + "show-sensitive, or make a VpnUser without a password, which gets a new one"));
            } else {
                user(secret, name, serversProfile).ifPresent(users::add);
            }
        }
        return users;
    }

    private Optional<UserDraft> user(Command secret, String name, String serversProfile) {
        var remarks = new ArrayList<String>();
        var more = new LinkedHashMap<String, Object>();
        String profile = secret.values().getOrDefault("profile", "default");
        if (!profile.equals(serversProfile) && profiles.containsKey(profile)) {
            remarks.add("the profile " + profile
                    + " has no counterpart but for its rate-limit: what the server's profile says"
                    + " is for all users");
        }
        String caller = secret.value("caller-id");
        if (!caller.isEmpty()) {
            prefix(caller).ifPresentOrElse(it -> more.put("allowedSources", List.of(it)),
                    () -> remarks.add("caller-id " + caller + " has no counterpart: allowedSources takes networks"));
        }
        List<String> routes = list(secret.value("routes")).stream().map(it -> it.strip().split(" ", -1)[0]).toList();
        List<String> known = routes.stream().flatMap(it -> prefix(it).stream()).toList();
        if (!known.isEmpty()) {
            more.put("routes", known);
        }
        if (known.size() < routes.size()) {
            problems.add(remark(secret, name, "routes: not all of them are networks such as 192.168.50.0/24"));
        }
        String rate = profiles.containsKey(profile) ? profiles.get(profile).value("rate-limit") : "";
        if (!rate.isEmpty() && !rate.equals("0")) {
            RateDraft.ofRouterOs(rate)
                    .ifPresentOrElse(it -> more.put("rateLimit", it),
                            () -> remarks.add("rate-limit " + rate + " has no counterpart: 8k to 100G are possible"));
            if (rate.strip().contains(" ")) {
                remarks.add("rate-limit " + rate + ": the burst has no counterpart but rateLimit.burst");
            }
        }
        for (String other : List.of("limit-bytes-in", "limit-bytes-out", "local-address")) {
            if (!secret.value(other).isEmpty() && !secret.value(other).equals("0")) {
                remarks.add(other + " has no counterpart");
            }
        }
        String comment = secret.value("comment");
        if (!comment.isEmpty()) {
            remarks.add(comment);
        }
        String remote = secret.value("remote-address");
        if (pools.containsKey(remote)) {
            remarks.add("the pool " + remote + " has no counterpart for one user: all share the server's pools");
            remote = "";
        }
        return drafts.of(
                new Entry(file, secret.line(), name, ChapSecrets.ANY, secret.value("password"),
                        remote.isEmpty() ? List.of() : List.of(remote), List.of()),
                !secret.is("disabled"), more, remarks);
    }

    private static Optional<String> prefix(String text) {
        try {
            return Optional.of(Ipv4Prefix.parse(text.contains("/") ? text : text + "/32").toString());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** RouterOS writes {@code 1d2h3m4s}, {@code 00:30:00} or seconds; {@code none} and 0 are no limit. */
    private static Optional<String> duration(Command profile, String field) {
        String value = profile.value(field);
        long seconds = 0;
        if (value.matches("[0-9]{1,3}:[0-9]{2}:[0-9]{2}")) {
            String[] parts = value.split(":", -1);
            seconds = Long.parseLong(parts[0]) * 3600 + Long.parseLong(parts[1]) * 60 + Long.parseLong(parts[2]);
        } else if (value.matches("([0-9]{1,6}[wdhms])+")) {
            for (String part : value.split("(?<=[wdhms])", 0)) {
                long number = Long.parseLong(part.substring(0, part.length() - 1));
                seconds += number * switch (part.charAt(part.length() - 1)) {
                    case 'w' -> 604_800;
                    case 'd' -> 86_400;
                    case 'h' -> 3600;
                    case 'm' -> 60;
                    default -> 1;
                };
            }
        } else if (value.matches("[0-9]{1,8}")) {
            seconds = Long.parseLong(value);
        }
        return seconds == 0 || seconds > 8760 * 3600L ? Optional.empty() : Optional.of(seconds + "s");
    }

    private static List<String> list(String value) {
        return value.isEmpty() ? List.of() : List.of(value.split(",", -1));
    }

    private static Remark remark(Command command, String what, String message) {
        return new Remark(command.file(), command.line(), what + ": " + message);
    }
}
