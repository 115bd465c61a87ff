package io.pptpoperator.kubectl.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pptpoperator.kubectl.ExitStatus;
import java.util.List;
import java.util.Locale;

/** Findings as text, and as an exit status. */
final class Findings {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Findings() {}

    /** For people: a line each, with what to do, and what follows from it, below it. */
    static String text(List<Finding> findings) {
        var text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(String.format(Locale.ROOT, "%-8s %s: %s%n", finding.level().label(), finding.subject(),
                    finding.found()));
            finding.remedies().forEach(remedy -> text.append("           - ").append(remedy).append('\n'));
            finding.consequences().forEach(it -> text.append("           so ").append(it).append('\n'));
        }
        long problems = problems(findings);
        text.append('\n').append(switch ((int) Math.min(problems, 2)) {
            case 0 -> "Nothing was found that keeps clients out.";
            case 1 -> "1 problem was found.";
            default -> problems + " problems were found.";
        }).append('\n');
        return text.toString();
    }

    /** For programs. */
    static String json(List<Finding> findings) {
        ObjectNode root = JSON.createObjectNode();
        root.put("ok", problems(findings) == 0);
        for (Finding finding : findings) {
            ObjectNode node = root.withArray("findings").addObject();
            node.put("level", finding.level().label()).put("subject", finding.subject()).put("found", finding.found());
            finding.remedies().forEach(node.withArray("remedies")::add);
            finding.consequences().forEach(node.withArray("consequences")::add);
        }
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts can always be written", e);
        }
    }

    /** {@link ExitStatus#NOT_DONE} when something keeps clients out. */
    static int exitStatus(List<Finding> findings) {
        return problems(findings) == 0 ? ExitStatus.OK : ExitStatus.NOT_DONE;
    }

    private static long problems(List<Finding> findings) {
        return findings.stream().filter(it -> it.level() == Finding.Level.PROBLEM).count();
    }
}
