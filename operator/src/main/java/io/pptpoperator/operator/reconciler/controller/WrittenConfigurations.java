package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.SecretTexts;
import io.pptpoperator.operator.lending.LendingRecord;
import io.pptpoperator.operator.reconciler.writing.ObjectWriter;
import io.pptpoperator.operator.render.ConfigurationFiles;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.resource.ServerObjects;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The configuration Secrets of all servers, and the record of lending in them. What one holds is remembered; a Secret that
 * is being written, or may have been, has to be read anew.
 */
final class WrittenConfigurations {

    private final KubernetesClient client;
    private final ObjectWriter writer;
    private final Map<ObjectKey, LendingRecord> records = new ConcurrentHashMap<>();

    WrittenConfigurations(KubernetesClient client, ObjectWriter writer) {
        this.client = client;
        this.writer = writer;
    }

    /** What is written down of a server's lending. */
    LendingRecord record(PptpServer server) {
        return records.computeIfAbsent(ObjectKey.of(server), key -> record(read(server)));
    }

    private static LendingRecord record(ConfigurationFiles files) {
        return LendingRecord.of(files.files(), files.digests());
    }

    /** The files of a server; none when there is no Secret. */
    ConfigurationFiles read(PptpServer server) {
        // Not from a cache, which may be older than what another process of the operator wrote last.
        Secret secret = client.secrets()
                .inNamespace(server.getMetadata().getNamespace())
                .withName(Names.configuration(server))
                .get();
        return new ConfigurationFiles(new TreeMap<>(secret == null ? Map.of() : SecretTexts.of(secret)));
    }

    /** Writes a server's files. When that fails, nobody knows what the Secret holds. */
    void write(PptpServer server, ServerObjects objects, ConfigurationFiles files) {
        records.remove(ObjectKey.of(server));
        writer.apply(objects.configuration(files.files()));
        records.put(ObjectKey.of(server), record(files));
    }

    /** Forgets a server that is gone. */
    void forget(ObjectKey server) {
        records.remove(server);
    }
}
