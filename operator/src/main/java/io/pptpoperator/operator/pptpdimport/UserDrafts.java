package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.dataplane.config.ConfigCheck;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.pptpdimport.ChapSecrets.Entry;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Chooses the lines of {@code chap-secrets} that pppd would have used for the server, and drafts a user for each. */
final class UserDrafts {

    /** A name of a VpnUser, whose Secret is called after it. */
    private static final int MAX_RESOURCE_NAME = 200;

    private final String serverName;
    private final List<Remark> comments;
    private final List<Remark> problems;
    private final Set<String> resourceNames = new HashSet<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<Ipv4Address, Integer> addresses = new HashMap<>();

    UserDrafts(String serverName, List<Remark> comments, List<Remark> problems) {
        this.serverName = serverName;
        this.comments = comments;
        this.problems = problems;
    }

    List<UserDraft> of(List<Entry> entries) {
        var chosen = new LinkedHashMap<String, Entry>();
        for (Entry entry : entries) {
            if (isUsable(entry)) {
                chosen.merge(entry.client(), entry, this::better);
            }
        }
        return chosen.values().stream().map(this::draft).toList();
    }

    private boolean isUsable(Entry entry) {
        if (!entry.server().equals(ChapSecrets.ANY) && !entry.server().equals(serverName)) {
            comments.add(entry.remark("was left out: it is for the server '" + entry.server() + "', and this one calls "
                    + "itself '" + serverName + "' (pppd's option name)"));
            return false;
        }
        if (entry.client().equals(ChapSecrets.ANY)) {
            comments.add(entry.remark(
                    "was left out: a password for everybody has no counterpart; each user needs a " + "VpnUser"));
            return false;
        }
        if (entry.secret().startsWith("@/")) {
            comments.add(entry.remark("was left out: the password of '" + entry.client()
                    + "' stands in another file, which was not read; write it here and import again"));
            return false;
        }
        return isPossible(entry);
    }

    private boolean isPossible(Entry entry) {
        var user = UserConfig.withDefaults(entry.client(), new Credentials.Password(entry.secret()));
        ConfigCheck.users(List.of(user))
                .forEach(problem -> problems.add(entry.remark(
                        problem.field().substring(problem.field().indexOf('.') + 1) + ": " + problem.message())));
        return ConfigCheck.users(List.of(user)).isEmpty();
    }

    /** pppd goes by the line that names the server; of two alike, by the first one. */
    private Entry better(Entry first, Entry second) {
        boolean secondWins = first.server().equals(ChapSecrets.ANY) && !second.server().equals(ChapSecrets.ANY);
        Entry winner = secondWins ? second : first;
        Entry loser = secondWins ? first : second;
        comments.add(loser.remark("was left out: pppd goes by line " + winner.line() + " for the same client"));
        return winner;
    }

    private UserDraft draft(Entry entry) {
        var above = new ArrayList<String>();
        Optional<Ipv4Address> address = address(entry, above);
        boolean enabled = !entry.addresses().isEmpty() && !entry.addresses().getFirst().equals("-");
        if (!enabled) {
            above.add(entry.remark("disabled: pppd lets a client use no address unless the line's fourth field says so "
                    + "(* for any), so it could log in but not connect").toString());
        }
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(entry.secret())) {
            above.add(
                    entry.remark("the password is not ASCII: pppd took each byte of this file for a character, here it "
                            + "is Unicode, as Windows has it. A client that sends the bytes of UTF-8 instead (pppd, pptp-linux) "
                            + "needs a password in ASCII").toString());
        }
        if (entry.options().stream().anyMatch(it -> it.contains("mppe"))) {
            problems.add(entry.remark("the options after -- say something about encryption for this user alone; here "
                    + "encryption.policy is for the whole server"));
        }
        if (!entry.options().isEmpty()) {
            above.add(entry.remark("the options after -- have no counterpart: " + String.join(" ", entry.options()))
                    .toString());
        }
        return new UserDraft(resourceName(entry.client()), entry, entry.server().equals(serverName), address, enabled,
                Map.of(), above);
    }

    /**
     * A user of another program than pppd, with any address or the one that the entry has.
     *
     * @param entry what is known of the user
     * @param enabled whether the user could connect
     * @param more further fields of the VpnUser's spec
     * @param remarks what to say above the resource
     * @return empty when no VpnUser can have such a name or password, or one has the name already
     */
    Optional<UserDraft> of(Entry entry, boolean enabled, Map<String, Object> more, List<String> remarks) {
        if (!isPossible(entry)) {
            return Optional.empty();
        }
        Integer before = names.putIfAbsent(entry.client(), entry.line());
        if (before != null) {
            problems.add(entry.remark("was left out: line " + before + " has a user of this name already"));
            return Optional.empty();
        }
        var above = remarks.stream()
                .map(it -> entry.remark(it).toString())
                .collect(Collectors.toCollection(ArrayList::new));
        Optional<Ipv4Address> address = address(entry, above);
        return Optional.of(new UserDraft(resourceName(entry.client()), entry, false, address, enabled, more, above));
    }

    /** pppd gives a client the first single address of its line. */
    private Optional<Ipv4Address> address(Entry entry, List<String> above) {
        Optional<Ipv4Address> found = Optional.empty();
        for (String text : entry.addresses()) {
            if (text.equals(ChapSecrets.ANY) || text.equals("-")) {
                continue;
            }
            String message = null;
            try {
                if (text.contains("/")) {
                    Ipv4Prefix.parse(text);
                    message = text + " has no counterpart: clients get what the pool has, or one address of their own";
                } else if (text.startsWith("!")) {
                    message = text + " has no counterpart: keep an address from all clients with exclude";
                } else if (found.isPresent()) {
                    message = text + " has no counterpart: a user has one address of its own";
                } else {
                    found = claim(Ipv4Address.parse(text), entry, above);
                }
            } catch (IllegalArgumentException e) {
                problems.add(entry.remark(e.getMessage()));
            }
            if (message != null) {
                above.add(entry.remark(message).toString());
            }
        }
        return found;
    }

    private Optional<Ipv4Address> claim(Ipv4Address address, Entry entry, List<String> above) {
        Integer before = addresses.putIfAbsent(address, entry.line());
        if (before != null) {
            above.add(entry.remark("the address " + address + " was left out: line " + before + " has it already")
                    .toString());
            return Optional.empty();
        }
        return Optional.of(address);
    }

    private String resourceName(String username) {
        String name = username.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9.]+", "-")
                .replaceAll("\\.[-.]*|-\\.", ".")
                .replaceAll("^[-.]+|[-.]+$", "");
        name = name.isEmpty() ? "user" : name.substring(0, Math.min(name.length(), MAX_RESOURCE_NAME));
        name = name.replaceAll("[-.]+$", "");
        String unique = name;
        for (int i = 2; !resourceNames.add(unique); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }
}
