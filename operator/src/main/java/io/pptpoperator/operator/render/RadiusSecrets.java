package io.pptpoperator.operator.render;

import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.PasswordMemory;
import io.pptpoperator.operator.roster.SecretLookup;
import io.pptpoperator.operator.roster.SecretMark;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The texts that one server's RADIUS settings refer to. One whose Secret goes away is remembered for a minute, as users'
 * passwords are: a Secret that is made anew must not keep everybody out.
 */
final class RadiusSecrets {

    private final String namespace;
    private final SecretLookup lookup;
    private final RadiusMemory before;
    private final Instant now;
    private final Map<String, RadiusMemory.Known> known = new TreeMap<>();
    private final List<RadiusProblem> problems = new ArrayList<>();

    RadiusSecrets(String namespace, SecretLookup lookup, RadiusMemory before, Instant now) {
        this.namespace = namespace;
        this.lookup = lookup;
        this.before = before;
        this.now = now;
    }

    /**
     * The text behind a key.
     *
     * @param what it is for, at the beginning of a sentence
     * @return nothing when it is not to be had, which is among the {@link #problems} then
     */
    Optional<String> text(String what, String secret, String key) {
        String reference = secret + "/" + key;
        Optional<RadiusProblem> problem;
        Optional<Map<String, String>> data = lookup.data(new ObjectKey(namespace, secret));
        if (data.isEmpty()) {
            problem = Optional.of(new RadiusProblem(RadiusProblem.Reason.SecretNotFound,
                    what + ": there is no Secret " + secret + " in namespace " + namespace + " with the label "
                            + SecretMark.RADIUS.label() + "=" + SecretMark.VALUE
                            + ", without which none is read; to mark one: "
                            + SecretMark.RADIUS.command(new ObjectKey(namespace, secret)) + "; to make one: kubectl"
                            + " create secret generic -n " + namespace + " " + secret + " --from-file=" + key
                            + "=FILE, then mark it"));
        } else if (data.get().get(key) == null) {
            problem = Optional.of(new RadiusProblem(RadiusProblem.Reason.SecretKeyNotFound,
                    what + ": Secret " + secret + " has no key " + key));
        } else {
            Optional<String> text = decoded(data.get().get(key));
            if (text.isPresent()) {
                known.put(reference, new RadiusMemory.Known(text.get(), Optional.empty()));
                return text;
            }
            problem = Optional.of(new RadiusProblem(RadiusProblem.Reason.InvalidSecret,
                    what + ": key " + key + " of Secret " + secret + " is not UTF-8 text"));
        }
        problems.addAll(problem.stream().toList());
        return remembered(reference);
    }

    /** Notes that a text is there, and is not what it is there for. */
    void refuse(String message) {
        problems.add(new RadiusProblem(RadiusProblem.Reason.InvalidSecret, message));
    }

    private Optional<String> remembered(String reference) {
        RadiusMemory.Known last = before.values().get(reference);
        Instant since = last == null ? now : last.missedSince().orElse(now);
        if (last == null || !since.plus(PasswordMemory.PATIENCE).isAfter(now)) {
            return Optional.empty();
        }
        known.put(reference, new RadiusMemory.Known(last.value(), Optional.of(since)));
        return Optional.of(last.value());
    }

    private static Optional<String> decoded(String encoded) {
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded);
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            // What kubectl create secret --from-file reads ends with a line feed; a secret cannot.
            return Optional.of(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What was not to be had. */
    List<RadiusProblem> problems() {
        return List.copyOf(problems);
    }

    /** What was found, for the next time. */
    RadiusMemory memory() {
        return new RadiusMemory(known);
    }
}
