package io.pptpoperator.dataplane.config;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The entries of {@code users.yaml}. Nothing here quotes a secret, nor a text that could be one by mistake. */
final class UsersReader {

    private static final Credentials UNREADABLE = new Credentials.Password("?");

    private UsersReader() {}

    static List<UserConfig> read(MappingReader in) {
        // An empty file may be one that is just being written; nobody is thrown out for that.
        in.require("users", "[] for nobody");
        List<UserConfig> users = in.sections("users").stream().map(UsersReader::user).toList();
        in.endWithoutQuoting();
        return users;
    }

    private static UserConfig user(MappingReader in) {
        in.require("username", "alice");
        var user = new UserConfig(in.text("username", "?"), credentials(in), in.bool("enabled", true),
                in.value("validUntil", Optional.empty(), text -> Optional.of(instant(text))),
                in.value("address", Optional.empty(), text -> Optional.of(Ipv4Address.parse(text))),
                in.list("allowedSources", List.of(), Ipv4Prefix::parse),
                in.list("routes", List.of(), Ipv4Prefix::parse),
                in.value("sessions", OptionalInt.empty(), text -> OptionalInt.of(MappingReader.parseInteger(text))));
        in.endWithoutQuoting();
        return user;
    }

    private static Credentials credentials(MappingReader in) {
        Credentials password = in.value("password", null, Credentials.Password::new);
        Credentials ntHash = in.value("ntHash", null, UsersReader::ntHash);
        if (in.has("password") && in.has("ntHash")) {
            in.problem("ntHash", "stands beside a password; exactly one of the two would be right");
        } else if (!in.has("password") && !in.has("ntHash")) {
            in.problem("password", "is missing; a password, or an ntHash of 32 hexadecimal digits, would be right");
        }
        if (password != null) {
            return password;
        }
        return ntHash != null ? ntHash : UNREADABLE;
    }

    private static Credentials ntHash(String text) {
        if (!text.matches("[0-9a-fA-F]{32}")) {
            throw new IllegalArgumentException("this is not an NT hash; 32 hexadecimal digits would be right");
        }
        return new Credentials.NtHash(HexFormat.of().parseHex(text));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a point in time; one such as 2027-01-01T00:00:00Z would be right", e);
        }
    }
}
