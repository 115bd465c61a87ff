// Compiles for the JDK that maven-toolchains-plugin found, so that the code and the JDK it runs on are one version.
import org.apache.maven.toolchain.ToolchainManager

// The plugin chooses none where Maven itself runs on a JDK that will do.
def toolchain = session.container.lookup(ToolchainManager).getToolchainFromBuildContext('jdk', session)
def version = toolchain == null ? System.getProperty('java.version')
        : [toolchain.findTool('javac'), '-version'].execute().text.trim().tokenize(' ').last()
def release = version.tokenize('.-+').first()
project.properties['maven.compiler.release'] = release
if (release != '25') {
    log.warn("No JDK 25 was found on this machine; building with JDK ${version}, for Java ${release}. " +
            "Install a JDK 25 beside it (no need to make it the default) and build again.")
}
