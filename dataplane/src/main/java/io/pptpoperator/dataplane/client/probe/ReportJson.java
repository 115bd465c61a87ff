package io.pptpoperator.dataplane.client.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A report for programs. */
final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ReportJson() {}

    /** One JSON object. */
    static String of(ProbeAim aim, Report report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("server", aim.server())
                .put("port", aim.port())
                .put("ok", report.failure().isEmpty())
                .put("exitStatus", report.exitStatus());
        report.failure().ifPresent(failure -> root.put("failed", failure.phase().label()));
        for (PhaseResult result : report.results()) {
            ObjectNode phase = root.withArray("phases").addObject();
            phase.put("phase", result.phase().label()).put("status", result.status().label());
            result.millis().ifPresent(millis -> phase.put("millis", millis));
            if (!result.found().isEmpty()) {
                phase.put("found", result.found());
            }
            result.advice().ifPresent(advice -> {
                phase.put("meaning", advice.meaning());
                advice.windows()
                        .ifPresent(error -> phase.putObject("windowsError")
                                .put("code", error.code())
                                .put("text", error.text()));
                advice.checks().forEach(phase.withArray("checks")::add);
            });
        }
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
        }
    }
}
