package io.pptpoperator.kubectl.docs;

import io.pptpoperator.operator.cluster.Repository;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.status.ServerFacts;
import io.pptpoperator.operator.status.UserFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every reason that a condition can have: those of the enums, and those that the statuses' sources spell out. */
public final class Reasons {

    /** Reasons that are no trouble. */
    public static final Set<String> GOOD = Set.of("Serving", "Reconciled", "AllPodsReady", "AddressFound",
            "AllAccepted", "Sufficient", "Applied", "Accepted", "InForce", "Unused");

    private static final Pattern LITERAL = Pattern.compile("\"([A-Z][A-Za-z0-9]+)\"");
    /** Words of Kubernetes' own that stand in the same sources. */
    private static final Set<String> NO_REASONS = Set.of("True", "False", "Ready", "PodScheduled");

    private Reasons() {}

    /** All of them. */
    public static SortedSet<String> all() throws IOException {
        var reasons = new TreeSet<String>();
        Stream.of(UserVerdict.Reason.values(), ServerFacts.Failure.Reason.values(), UserFacts.NotServing.values())
                .flatMap(Arrays::stream)
                .forEach(it -> reasons.add(it.name()));
        Path sources = Repository.root().resolve("operator/src/main/java/io/pptpoperator/operator/status");
        for (String file : Set.of("PptpServerStatuses.java", "VpnUserStatuses.java", "VpnProfileStatuses.java")) {
            try (Stream<String> lines = Files.lines(sources.resolve(file))) {
                lines.filter(line -> !line.contains("static final"))
                        .flatMap(line -> LITERAL.matcher(line).results())
                        .map(it -> it.group(1))
                        .filter(it -> !NO_REASONS.contains(it))
                        .forEach(reasons::add);
            }
        }
        return reasons;
    }
}
