package io.pptpoperator.dataplane.admin;

import io.pptpoperator.dataplane.adminapi.AdminJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the administration port answers.
 *
 * @param status the HTTP status
 * @param contentType what {@code body} is, or "" when it is empty
 * @param body the bytes to send
 * @param headers what else the head says
 */
record AdminAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {

    /** A value as JSON. */
    static AdminAnswer json(int status, Object value) {
        return new AdminAnswer(status, "application/json", AdminJson.write(value), Map.of());
    }

    /** Nothing but success. */
    static AdminAnswer done() {
        return new AdminAnswer(204, "", new byte[0], Map.of());
    }

    /** Prometheus' text format. */
    static AdminAnswer metrics(String text) {
        return new AdminAnswer(200, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(StandardCharsets.UTF_8),
                Map.of());
    }

    /** A problem as RFC 9457 describes it. */
    static AdminAnswer problem(int status, String title, String detail) {
        var problem = new LinkedHashMap<String, Object>();
        problem.put("status", status);
        problem.put("title", title);
        problem.put("detail", detail);
        return new AdminAnswer(status, "application/problem+json", AdminJson.write(problem), Map.of());
    }

    /** The path is known, the method is not. */
    static AdminAnswer methodNotAllowed(String method, String path, String allow) {
        AdminAnswer problem = problem(405, "Method not allowed",
                method + " is not possible on " + path + "; " + allow + " would be right");
        return problem.with(Map.of("Allow", allow));
    }

    /** The same, with these headers. */
    AdminAnswer with(Map<String, String> more) {
        return new AdminAnswer(status, contentType, body, more);
    }

    /** As {@link #json} with one key. */
    static AdminAnswer json(int status, String key, Object value) {
        return json(status, Map.of(key, value));
    }
}
