package io.pptpoperator.operator.status;

import io.pptpoperator.crds.Condition.Status;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** Whether all RADIUS servers of a PptpServer answer its pods; which does not, and what would help. */
final class RadiusCondition {

    static final String IMAGE_TOO_OLD = "ImageTooOld";
    static final String NOT_ASKED = "NotAsked";
    /** Stands in the message where some servers answer and others do not. */
    static final String SOME = "; these answer: ";

    private static final String NO_MESSAGE_AUTHENTICATOR = "MessageAuthenticatorMissing";
    private static final int MOST_NAMED = 5;

    /** What several pods say of one server in the same words. */
    private record Said(String server, RadiusView.Server state, List<String> pods) {

        String sentence() {
            return "RADIUS server " + server + ": " + state.message() + " ("
                    + pods.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")) + ")" + remedy();
        }

        private String remedy() {
            return state.reason().equals(NO_MESSAGE_AUTHENTICATOR)
                    ? "; for FreeRADIUS before 3.2.5 add to sites-enabled/default, in post-auth and again in"
                            + " Post-Auth-Type REJECT: update reply { Message-Authenticator := 0x00 }"
                    : "";
        }
    }

    private RadiusCondition() {}

    static void set(Conditions conditions, RadiusFacts facts) {
        List<Said> silent = said(facts, false);
        var sentences = new ArrayList<String>();
        var reasons = new ArrayList<String>();
        facts.leftOut().forEach(it -> {
            reasons.add(it.reason());
            sentences.add(it.message());
        });
        silent.forEach(it -> {
            reasons.add(it.state.reason());
            sentences.add(it.sentence());
        });
        if (!facts.tooOld().isEmpty()) {
            reasons.add(IMAGE_TOO_OLD);
            sentences.add("the image of " + String.join(", ", facts.tooOld().stream().limit(MOST_NAMED).toList())
                    + " knows no RADIUS; one of this release would be right (spec.image, or leave it out)");
        }
        List<Said> answering = said(facts, true);
        if (!reasons.isEmpty()) {
            String others = answering.isEmpty() ? "" : SOME + names(answering);
            conditions.set(PptpServerStatuses.RADIUS_REACHABLE, false, reasons.getFirst(),
                    String.join("; ", sentences) + others);
        } else if (answering.isEmpty()) {
            conditions.set(PptpServerStatuses.RADIUS_REACHABLE, Status.Unknown, NOT_ASKED,
                    "no pod has heard of a RADIUS server yet: none is asked before somebody logs in, unless it answers"
                            + " Status-Server");
        } else {
            conditions.set(PptpServerStatuses.RADIUS_REACHABLE, true, "Answering",
                    names(answering) + (answering.size() == 1 ? " answers" : " answer"));
        }
    }

    private static String names(List<Said> said) {
        return said.stream().map(Said::server).distinct().collect(Collectors.joining(", "));
    }

    /** Without times, so that nothing changes while nothing happens. */
    private static List<Said> said(RadiusFacts facts, boolean reachable) {
        SequencedMap<List<String>, Said> said = new LinkedHashMap<>();
        for (Map.Entry<String, RadiusView> report : facts.reports().entrySet()) {
            for (RadiusView.Server state : report.getValue().servers()) {
                if (Boolean.valueOf(reachable).equals(state.reachable())) {
                    said.computeIfAbsent(List.of(state.name(), state.reason(), reachable ? "" : state.message()),
                            key -> new Said(state.name(), state, new ArrayList<>())).pods.add(report.getKey());
                }
            }
        }
        return List.copyOf(said.values());
    }
}
