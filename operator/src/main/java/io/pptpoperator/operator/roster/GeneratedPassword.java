package io.pptpoperator.operator.roster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserSpec.SecretKey;
import io.pptpoperator.crds.VpnUserSpec.SecretSource;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.resource.Owners;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;

/** The password of a VpnUser that brings none: made once, and from then on whatever its Secret says. */
public final class GeneratedPassword {

    /** The Secret's key with the password. */
    public static final String KEY = "password";

    /** Without characters that look alike: people type these into phones. */
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    /** MS-CHAPv2 falls to anybody who can search the key space, so the password carries the weight: 139 bits. */
    private static final int LENGTH = 24;

    /** Longest name of a Secret. */
    private static final int MAX_NAME = 253;

    private GeneratedPassword() {}

    /** Whether the operator has to make one. Where it is unknown whether the user brings one, it has not. */
    public static boolean isWanted(VpnUser user) {
        return user.isReadable("password") && user.isReadable("ntHash") && user.getSpec().password() == null
                && user.getSpec().ntHash() == null;
    }

    /** Whether its Secret can have the name that it has to have. */
    public static boolean isPossible(VpnUser user) {
        return secretName(user).length() <= MAX_NAME;
    }

    /** Whether the user had one before, as its status tells: then another one is news to whoever logs in. */
    public static boolean wasThere(VpnUser user) {
        return user.getStatus() != null && secretName(user).equals(user.getStatus().passwordSecret())
                && user.getStatus().passwordGenerated() != null;
    }

    /** The name of its Secret, in the user's namespace. */
    public static String secretName(VpnUser user) {
        return user.getMetadata().getName() + "-vpn";
    }

    /** Where it is, said as if the user had said so itself. */
    public static SecretSource source(VpnUser user) {
        return new SecretSource(new SecretKey(secretName(user), KEY));
    }

    /** A new password. */
    public static String text(SecureRandom random) {
        var password = new StringBuilder(LENGTH);
        random.ints(LENGTH, 0, ALPHABET.length()).forEach(i -> password.append(ALPHABET.charAt(i)));
        return password.toString();
    }

    /** What its Secret is labelled with. */
    public static Map<String, String> labels() {
        var labels = new TreeMap<>(Labels.common());
        labels.put(PasswordMark.LABEL, PasswordMark.VALUE);
        return labels;
    }

    /** The Secret with a new password; owned by the user. */
    public static Secret secret(VpnUser user, SecureRandom random) {
        return secret(user, text(random));
    }

    /** The Secret with a password; owned by the user. */
    public static Secret secret(VpnUser user, String password) {
        return new SecretBuilder().withNewMetadata()
                .withName(secretName(user))
                .withNamespace(user.getMetadata().getNamespace())
                .withLabels(labels())
                .withOwnerReferences(Owners.controller(user))
                .endMetadata()
                .withType("kubernetes.io/basic-auth")
                .addToStringData("username", user.username())
                .addToStringData(KEY, password)
                .build();
    }
}
