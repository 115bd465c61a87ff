package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Section;
import java.util.ArrayList;
import java.util.List;

/**
 * What a changed {@code server.yaml} does to a running server.
 *
 * @param config what to run with now: the wanted settings, except for those that cannot change while running
 * @param refused what stays as it is, one entry a field; nothing when all changes apply
 */
public record LiveChange(ServerConfig config, List<FieldProblem> refused) {

    /** Copies the list. */
    public LiveChange {
        refused = List.copyOf(refused);
    }

    /**
     * Finds out what applies. Where the rest of the wanted settings cannot work without what is refused (a new pool
     * around the old local address, say), everything stays as it is.
     *
     * @param running what the server runs with
     * @param wanted what the file says now, valid
     */
    public static LiveChange between(ServerConfig running, ServerConfig wanted) {
        List<FieldProblem> refused = new ArrayList<>();
        ServerConfig applicable = Section.of(ServerConfig.class)
                .change(running, wanted, (place, message) -> refused.add(new FieldProblem(place.toString(), message)));
        for (FieldProblem problem : ConfigCheck.server(applicable)) {
            refused.add(new FieldProblem(problem.field(),
                    "stays as it is, with all other settings, until the server is restarted: " + problem.message()));
            applicable = running;
        }
        return new LiveChange(applicable, refused);
    }
}
