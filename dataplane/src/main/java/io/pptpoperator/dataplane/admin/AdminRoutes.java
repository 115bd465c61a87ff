package io.pptpoperator.dataplane.admin;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.pptpoperator.dataplane.adminapi.AdminApi;
import io.pptpoperator.dataplane.config.ConfigDigests;
import io.pptpoperator.dataplane.config.UsersSchema;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Finds the answer to a request. */
final class AdminRoutes {

    private final AdminControl control;
    private final Supplier<String> metrics;

    AdminRoutes(AdminControl control, Supplier<String> metrics) {
        this.control = control;
        this.metrics = metrics;
    }

    /**
     * Answers one request.
     *
     * @param method as in the request line
     * @param uri path and query, still encoded
     */
    AdminAnswer answer(String method, String uri, Caller caller) {
        String path;
        Map<String, List<String>> query;
        try {
            var decoder = new QueryStringDecoder(uri);
            path = decoder.path();
            query = decoder.parameters();
        } catch (IllegalArgumentException e) {
            return AdminAnswer.problem(400, "Bad request", "the address of the request is not properly encoded");
        }
        if (!caller.mayAsk(path)) {
            return AdminAnswer.problem(403, "Forbidden", caller.demand());
        }
        return switch (path) {
            case AdminApi.LIVENESS -> get(method, path, this::liveness);
            case AdminApi.READINESS -> get(method, path, this::readiness);
            case AdminApi.METRICS -> get(method, path, () -> AdminAnswer.metrics(metrics.get()));
            case AdminApi.LOGINS -> get(method, path, () -> AdminAnswer.json(200, control.logins()));
            case AdminApi.SENDING -> get(method, path, () -> AdminAnswer.json(200, control.sending()));
            case AdminApi.RADIUS -> get(method, path, () -> AdminAnswer.json(200, control.radius()));
            case AdminApi.SESSIONS -> switch (method) {
                case "GET" -> sessions();
                case "DELETE" -> endUser(query.getOrDefault("user", List.of()));
                default -> AdminAnswer.methodNotAllowed(method, path, "GET, DELETE");
            };
            case AdminApi.DRAIN -> method.equals("POST") ? drain() : AdminAnswer.methodNotAllowed(method, path, "POST");
            default -> below(path, AdminApi.SESSIONS + "/", id -> endSession(method, path, id),
                    () -> below(path, AdminApi.DEBUG + "/", peer -> debug(method, path, peer), () -> notFound(path)));
        };
    }

    private static AdminAnswer get(String method, String path, Supplier<AdminAnswer> answer) {
        return method.equals("GET") ? answer.get() : AdminAnswer.methodNotAllowed(method, path, "GET");
    }

    private static AdminAnswer below(String path, String parent, Function<String, AdminAnswer> answer,
            Supplier<AdminAnswer> otherwise) {
        return path.startsWith(parent) && path.length() > parent.length()
                ? answer.apply(path.substring(parent.length()))
                : otherwise.get();
    }

    private static AdminAnswer notFound(String path) {
        return AdminAnswer.problem(404, "Not found", "there is nothing at " + path);
    }

    private AdminAnswer sessions() {
        ConfigDigests digests = control.configDigests();
        return AdminAnswer.json(200, control.sessions())
                .with(Map.of(AdminApi.SERVER_DIGEST, digests.server(), AdminApi.USERS_DIGEST, digests.users(),
                        AdminApi.RADIUS_DIGEST, digests.radius(), AdminApi.PROFILES_DIGEST, digests.profiles(),
                        AdminApi.USERS_SCHEMA, String.valueOf(UsersSchema.OWN)));
    }

    private AdminAnswer liveness() {
        List<String> defects = control.defects();
        if (defects.isEmpty()) {
            return AdminAnswer.json(200, "status", "up");
        }
        var answer = new LinkedHashMap<String, Object>();
        answer.put("status", "down");
        answer.put("problems", defects);
        return AdminAnswer.json(503, answer);
    }

    private AdminAnswer readiness() {
        List<String> problems = control.readiness();
        var answer = new LinkedHashMap<String, Object>();
        answer.put("ready", problems.isEmpty());
        answer.put("problems", problems);
        return AdminAnswer.json(problems.isEmpty() ? 200 : 503, answer);
    }

    private AdminAnswer endUser(List<String> users) {
        return users.size() == 1
                ? AdminAnswer.json(200, "ended", control.endUser(users.getFirst()))
                : AdminAnswer.problem(400, "Bad request",
                        "which sessions? /sessions/{id} or /sessions?user={name} would be right");
    }

    private AdminAnswer endSession(String method, String path, String id) {
        if (!method.equals("DELETE")) {
            return AdminAnswer.methodNotAllowed(method, path, "DELETE");
        }
        return control.endSession(id)
                ? AdminAnswer.done()
                : AdminAnswer.problem(404, "Not found", "there is no session " + id);
    }

    private AdminAnswer drain() {
        control.drain();
        return AdminAnswer.json(202, "draining", true);
    }

    private AdminAnswer debug(String method, String path, String peer) {
        if (!method.equals("PUT") && !method.equals("DELETE")) {
            return AdminAnswer.methodNotAllowed(method, path, "PUT, DELETE");
        }
        Ipv4Address address;
        try {
            address = Ipv4Address.parse(peer);
        } catch (IllegalArgumentException e) {
            return AdminAnswer.problem(400, "Bad request", e.getMessage());
        }
        control.setDebug(address, method.equals("PUT"));
        return AdminAnswer.done();
    }
}
