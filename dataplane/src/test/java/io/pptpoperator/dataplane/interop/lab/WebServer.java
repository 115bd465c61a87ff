package io.pptpoperator.dataplane.interop.lab;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * The program behind the lab's web servers. The JDK's own, jwebserver, serves one request after the other: a client
 * that is gone in the middle of a download, whose tunnel was cut perhaps, would keep all later ones waiting.
 */
final class WebServer {

    private static final int HTTP = 80;

    private WebServer() {}

    /** Serves the files of a directory, the second argument, at an address, the first one. */
    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(arguments[0]), HTTP), 0);
        server.createContext("/", SimpleFileServer.createFileHandler(Path.of(arguments[1])));
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.println("Serving " + arguments[1]);
    }

    /** The command line that runs it. */
    static List<String> command(String address, Path root) {
        try {
            Path classes = Path.of(WebServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    classes.toString(), WebServer.class.getName(), address, root.toAbsolutePath().toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class is in a file", e);
        }
    }
}
