package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configured users, by name: one snapshot of {@code users.yaml}. */
public final class Users {
    /** Nobody. */
    public static final Users NONE = new Users(List.of());

    private final Map<String, UserConfig> byName;

    /** Takes users whose names differ. */
    public Users(Collection<UserConfig> users) {
        byName = HashMap.newHashMap(users.size());
        users.forEach(user -> byName.put(user.username(), user));
    }

    /** The user with exactly this name. */
    public Optional<UserConfig> get(String username) {
        return Optional.ofNullable(byName.get(username));
    }

    /**
     * The user whom a client means: the name as it came, or without {@code DOMAIN\}, which Windows puts in front, or
     * without {@code @realm}, or without either.
     */
    public Optional<UserConfig> find(String name) {
        String bare = name.substring(name.lastIndexOf('\\') + 1);
        return get(name).or(() -> get(bare)).or(() -> get(withoutRealm(name))).or(() -> get(withoutRealm(bare)));
    }

    private static String withoutRealm(String name) {
        int at = name.lastIndexOf('@');
        return at <= name.lastIndexOf('\\') ? name : name.substring(0, at);
    }

    /** How many there are. */
    public int count() {
        return byName.size();
    }

    /** The static addresses by user name. */
    public Map<String, Ipv4Address> staticAddresses() {
        Map<String, Ipv4Address> addresses = new HashMap<>();
        byName.values().forEach(user -> user.address().ifPresent(address -> addresses.put(user.username(), address)));
        return addresses;
    }
}
