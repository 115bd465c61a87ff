package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.ServerConfig.Admin;
import io.pptpoperator.dataplane.config.ServerConfig.Authentication;
import io.pptpoperator.dataplane.config.ServerConfig.Encryption;
import io.pptpoperator.dataplane.config.ServerConfig.Network;
import io.pptpoperator.dataplane.config.setting.DurationText;
import io.pptpoperator.dataplane.config.setting.Place;
import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides which configurations can work: each setting within its bounds, addresses that can be what they are for, and
 * nothing beside something that it does not go with.
 */
public final class ConfigCheck {

    /** Longest password in UTF-16 characters (RFC 2759 section 8.1). */
    private static final int MAX_PASSWORD = 256;

    private static final AddressPool NOBODYS = AddressPool.of(List.of(AddressRange.parse("0.0.0.0/8"),
            AddressRange.parse("127.0.0.0/8"), AddressRange.parse("224.0.0.0-255.255.255.255")));

    private static final Place USERS = Place.FILE.key("users");

    /** By field: one is enough for each. */
    private final Map<String, FieldProblem> problems = new LinkedHashMap<>();

    private ConfigCheck() {}

    /** What is wrong with a server's settings; nothing when they can work. */
    public static List<FieldProblem> server(ServerConfig server) {
        ConfigCheck check = new ConfigCheck();
        Section.of(ServerConfig.class).check(server, Place.FILE, check::problem);
        check.network(server.network());
        check.authentication(server.authentication());
        check.encryption(server.encryption(), server.authentication());
        check.admin(server.admin(), server.listen());
        return List.copyOf(check.problems.values());
    }

    /** What is wrong with the users, each alone and among themselves. */
    public static List<FieldProblem> users(List<UserConfig> users) {
        ConfigCheck check = new ConfigCheck();
        Section<UserConfig> section = Section.of(UserConfig.class);
        HashSet<String> names = new HashSet<>();
        HashSet<Ipv4Address> addresses = new HashSet<>();
        Map<Ipv4Prefix, Integer> routes = new HashMap<>();
        for (int i = 0; i < users.size(); i++) {
            UserConfig user = users.get(i);
            Place place = USERS.item(i);
            section.check(user, place, check::problem);
            check.username(place.key("username"), user.username());
            if (!names.add(user.username())) {
                check.problem(place.key("username"),
                        "'" + user.username() + "' is another user's name already; a different one would be right");
            }
            check.credentials(place, user.credentials());
            if (user.address().isPresent()) {
                check.host(place.key("address"), user.address().get());
                if (!addresses.add(user.address().get())) {
                    check.problem(place.key("address"), user.address().get()
                            + " is another user's static address already; a different one would be right");
                }
            }
            check.routes(place.key("routes"), user.routes(), i, routes);
        }
        return List.copyOf(check.problems.values());
    }

    /** What is wrong with profiles, each alone and among themselves. */
    public static List<FieldProblem> profiles(List<ProfileConfig> profiles) {
        ConfigCheck check = new ConfigCheck();
        Section.of(ProfilesFile.class).check(new ProfilesFile(profiles), Place.FILE, check::problem);
        HashSet<String> names = new HashSet<>();
        for (int i = 0; i < profiles.size(); i++) {
            ProfileConfig profile = profiles.get(i);
            Place place = Place.FILE.key("profiles").item(i);
            if (!names.add(profile.name())) {
                check.problem(place.key("name"),
                        "'" + profile.name() + "' is another profile's name already; a different one would be right");
            }
            check.hosts(place.key("dns"), profile.dns());
            check.hosts(place.key("wins"), profile.wins());
        }
        return List.copyOf(check.problems.values());
    }

    /** Where users do not fit their server; both are right when looked at alone. */
    public static List<FieldProblem> together(ServerConfig server, List<UserConfig> users) {
        ConfigCheck check = new ConfigCheck();
        Ipv4Address local = server.network().localIP();
        for (int i = 0; i < users.size(); i++) {
            if (users.get(i).address().equals(Optional.of(local))) {
                check.problem(USERS.item(i).key("address"),
                        local + " is the server's own localIP; another address would be right");
            }
        }
        return List.copyOf(check.problems.values());
    }

    /** What is wrong with how RADIUS servers are asked; nothing when it can work. */
    public static List<FieldProblem> radius(RadiusConfig radius) {
        ConfigCheck check = new ConfigCheck();
        Section.of(RadiusConfig.class).check(radius, Place.FILE, check::problem);
        for (int i = 0; i < radius.servers().size(); i++) {
            check.radiusServer(Place.FILE.key("servers").item(i), radius.servers().get(i));
        }
        RadiusConfig.DynamicAuthorization dynamic = radius.dynamicAuthorization();
        if (dynamic.enabled() && dynamic.clients().isEmpty()) {
            check.problem("dynamicAuthorization.clients", "is empty, so that nobody may ask; the RADIUS servers'"
                    + " addresses such as [10.0.0.5/32] would be right");
        }
        if (dynamic.enabled() && dynamic.secret().isEmpty()) {
            check.problem("dynamicAuthorization.secret", "is missing; what both ends know would be right");
        }
        return List.copyOf(check.problems.values());
    }

    /** Where a server offers methods that nobody who decides about its logins knows. */
    public static List<FieldProblem> methods(ServerConfig server, RadiusConfig radius) {
        return server.authentication().methods().contains(AuthMethod.EAP) && !radius.decides()
                ? List.of(new FieldProblem("authentication.methods",
                        "has EAP, which only RADIUS servers speak; without it, or with source Radius or"
                                + " ResourcesThenRadius in users.radius.yaml, would be right"))
                : List.of();
    }

    /** Where a server gives up a login before its RADIUS servers have been asked as often as they shall be. */
    public static List<FieldProblem> together(ServerConfig server, RadiusConfig radius) {
        Duration asking = radius.timeout().multipliedBy(radius.attempts());
        Duration login = server.authentication().timeout();
        return radius.decides() && asking.compareTo(login) >= 0
                ? List.of(new FieldProblem("timeout",
                        DurationText.format(radius.timeout()) + " times attempts " + radius.attempts()
                                + " takes as long as authentication.timeout " + DurationText.format(login)
                                + ", after which a login is given up; less, or a longer"
                                + " authentication.timeout, would be right"))
                : List.of();
    }

    private void radiusServer(Place place, RadiusConfig.Server server) {
        boolean tls = server.transport() == RadiusConfig.Server.Transport.TLS;
        if (!tls && server.secret().isEmpty()) {
            problem(place.key("secret"), "is missing; what both ends know would be right");
        }
        if (tls != server.tls().isPresent()) {
            problem(place.key("tls"),
                    tls
                            ? "is missing; at least tls.ca would be right with transport Tls"
                            : "means nothing with transport Udp; none, or transport Tls, would be right");
        }
        server.tls()
                .filter(it -> it.certificate().isPresent() != it.key().isPresent())
                .ifPresent(it -> problem(place.key("tls").key("key"),
                        "a certificate without its key, or a key without its certificate; both or neither would be"
                                + " right"));
        if (server.loginPort().isEmpty() && server.recordPort().isEmpty()) {
            problem(place.key("authenticationPort"),
                    "0, and accountingPort 0 too: the server is good for nothing; one of them would be right");
        }
        if (tls && server.loginPort().isPresent() && server.recordPort().isPresent()
                && !server.loginPort().equals(server.recordPort())) {
            problem(place.key("accountingPort"), server.recordPort().getAsInt()
                    + " is another than authenticationPort; with transport Tls one connection carries both");
        }
    }

    private void problem(Place place, String message) {
        problem(place.toString(), message);
    }

    private void problem(String field, String message) {
        problems.putIfAbsent(field, new FieldProblem(field, message));
    }

    private void network(Network network) {
        host(Place.FILE.key("localIP"), network.localIP());
        pools(network);
        hosts(Place.FILE.key("dns"), network.dns());
        hosts(Place.FILE.key("wins"), network.wins());
        hostAccess(network.hostAccess());
    }

    private void hostAccess(List<HostRule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            HostRule rule = rules.get(i);
            Place place = Place.FILE.key("hostAccess").item(i);
            int firstOctet = rule.address().map(address -> address.bits() >>> 24).orElse(10);
            if (firstOctet == 0 || firstOctet == 127) {
                problem(place.key("address"), rule.address().orElseThrow()
                        + " cannot be reached from outside; one of the host's addresses, or none for all of them,"
                        + " would be right");
            }
            if (rule.ports().isEmpty() != (rule.protocol() == HostRule.Protocol.ICMP)) {
                problem(place.key("ports"),
                        rule.ports().isEmpty()
                                ? "is missing; a list of ports such as [443, 30000-32767] would be right"
                                : "means nothing for ICMP; none would be right");
            }
        }
    }

    private void host(Place place, Ipv4Address address) {
        if (NOBODYS.contains(address)) {
            problem(place, address + " cannot be the address of a host; one such as 192.168.10.1 would be right");
        }
    }

    private void hosts(Place list, List<Ipv4Address> addresses) {
        for (int i = 0; i < addresses.size(); i++) {
            host(list.item(i), addresses.get(i));
        }
    }

    private void pools(Network network) {
        int before = problems.size();
        ranges("pools", network.pools(), range -> {
            if (AddressPool.parse(range).overlaps(NOBODYS)) {
                throw new IllegalArgumentException("'" + range + "' has addresses that cannot be a host's;"
                        + " private ones such as 192.168.10.100-200 would be right");
            }
        });
        ranges("exclude", network.exclude(), AddressPool::parseExclusion);
        if (problems.size() > before) {
            return;
        }
        AddressPool pool = network.addressPool();
        Ipv4Address local = network.localIP();
        if (pool.isEmpty()) {
            problem("pools", "no address is left for clients; a range such as 192.168.10.100-200 would be right");
        } else if (pool.contains(local)) {
            problem("pools", "the pool contains localIP " + local
                    + ", which is the server's own; a pool without it, or " + local + " in exclude, would be right");
        }
    }

    private void ranges(String key, List<String> ranges, Consumer<String> check) {
        for (int i = 0; i < ranges.size(); i++) {
            try {
                check.accept(ranges.get(i));
            } catch (IllegalArgumentException e) {
                problem(Place.FILE.key(key).item(i), e.getMessage());
            }
        }
    }

    private void authentication(Authentication authentication) {
        List<AuthMethod> methods = authentication.methods();
        if (new HashSet<>(methods).size() < methods.size()) {
            problem("authentication.methods", "a method stands here twice; each once would be right");
        }
    }

    private void encryption(Encryption encryption, Authentication authentication) {
        List<Integer> lengths = encryption.keyLengths();
        if (new HashSet<>(lengths).size() < lengths.size()) {
            problem("encryption.keyLengths", "a length stands here twice; each once would be right");
        }
        if (encryption.policy() == Encryption.Policy.REQUIRED
                && authentication.methods().stream().noneMatch(AuthMethod::yieldsMppeKeys)) {
            problem("encryption.policy", "encryption is required, but none of authentication.methods yields keys for"
                    + " it; MSCHAPv2 among them, or the policy Off, would be right");
        }
    }

    private void admin(Admin admin, ServerConfig.Listen listen) {
        boolean sameAddress = admin.address().equals(listen.address()) || admin.address().equals(Ipv4Address.ANY)
                || listen.address().equals(Ipv4Address.ANY);
        if (admin.port() == listen.port() && sameAddress) {
            problem("adminPort", admin.port() + " is listen.port already; another port would be right");
        }
        if (!admin.isLoopback() && admin.tls().isEmpty()) {
            problem("adminAddress", admin.address()
                    + " is open to other machines, which needs adminTLS; that, or 127.0.0.1, would be right");
        }
    }

    private void username(Place place, String username) {
        if (!isWellFormed(username) || !username.equals(username.strip())) {
            problem(place, "'" + username + "' is not possible here; " + UserConfig.USERNAME + " would be right");
        }
    }

    private void credentials(Place user, Credentials credentials) {
        if (credentials instanceof Credentials.Password password && (password.value().isEmpty()
                || password.value().length() > MAX_PASSWORD || !isWellFormed(password.value()))) {
            problem(user.key("password"), "this cannot be a password; 1 to " + MAX_PASSWORD
                    + " characters without control characters would be right");
        }
    }

    /** Whether a client could ever send this text: no control characters, no half of a surrogate pair. */
    private static boolean isWellFormed(String text) {
        return text.codePoints()
                .noneMatch(character -> Character.isISOControl(character)
                        || Character.getType(character) == Character.SURROGATE);
    }

    private void routes(Place place, List<Ipv4Prefix> routes, int user, Map<Ipv4Prefix, Integer> all) {
        for (int i = 0; i < routes.size(); i++) {
            if (AddressPool.of(List.of(AddressRange.of(routes.get(i)))).overlaps(NOBODYS)) {
                problem(place.item(i), routes.get(i) + " has addresses that cannot be a host's;"
                        + " a network such as 192.168.50.0/24 would be right");
            }
            Integer other = all.putIfAbsent(routes.get(i), user);
            if (other != null) {
                problem(place.item(i), routes.get(i) + " is routed to users[" + other
                        + "] already; a network that no other entry has would be right");
            }
        }
    }
}
