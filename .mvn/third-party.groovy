// Writes what a program is shipped with and under which terms: target/THIRD-PARTY.txt, which goes into the images, and
// the same into the jar's META-INF. Each library's licence is what its POM says, its texts are what its jar has.
import java.util.zip.ZipFile
import org.apache.maven.model.building.ModelBuildingRequest
import org.apache.maven.project.DefaultProjectBuildingRequest
import org.apache.maven.project.ProjectBuilder

def spdx = { String name ->
    switch (name) {
        case ~/(?i).*apache.*2.*/: return 'Apache-2.0'
        case ~/(?i).*bouncy castle.*/: return 'MIT'
        case ~/(?i)(the )?mit([ -].*)?/: return 'MIT'
        case ~/(?i).*creative commons cc0.*|.*public domain.*/: return 'CC0-1.0'
        case ~/(?i).*bsd.*2.*/: return 'BSD-2-Clause'
        case ~/(?i).*bsd.*3.*/: return 'BSD-3-Clause'
        case ~/(?i).*(epl|eclipse public license).*1\.0.*/: return 'EPL-1.0'
        case ~/(?i).*(epl|eclipse public license).*2\.0.*/: return 'EPL-2.0'
        case ~/(?i).*(lgpl|lesser general public).*2\.1.*|(?i).*gnu lesser general public license/: return 'LGPL-2.1'
        default: return name
    }
}

def builder = session.container.lookup(ProjectBuilder)
def describe = { artifact ->
    def request = new DefaultProjectBuildingRequest(session.projectBuildingRequest)
    request.processPlugins = false
    request.resolveDependencies = false
    request.project = null
    request.validationLevel = ModelBuildingRequest.VALIDATION_LEVEL_MINIMAL
    builder.build(artifact, true, request).project
}

def libraries = project.artifacts.findAll {
    it.scope in ['compile', 'runtime'] && it.groupId != project.groupId
}.sort { "${it.groupId}:${it.artifactId}" }
def list = new StringBuilder()
def addresses = new TreeMap<String, String>()
// Equal texts stand here once.
def texts = new LinkedHashMap<String, List<String>>()
libraries.each { artifact ->
    def pom = describe(artifact)
    def licences = pom.licenses.collect { spdx(it.name) }.unique()
    if (licences.empty) {
        fail("${artifact.groupId}:${artifact.artifactId} says nothing about its licence")
    }
    pom.licenses.each { addresses.putIfAbsent(spdx(it.name), it.url ?: 'no address given') }
    list << "${artifact.groupId}:${artifact.artifactId} ${artifact.version}${artifact.classifier ? "-" + artifact.classifier : ""}: ${licences.join(' or ')}"
    list << (pom.url ? " (${pom.url})\n" : '\n')
    new ZipFile(artifact.file).withCloseable { jar ->
        jar.entries().findAll { !it.directory && it.name ==~ /(?i)(META-INF\/)?([^\/]*[-_.])?(licen[cs]e|notice|copying|al2\.0|lgpl2\.1)[^\/]*/ && !it.name.endsWith('.class') }
                .sort { it.name }.each { entry ->
            def text = jar.getInputStream(entry).getText('UTF-8').replace('\r\n', '\n').stripTrailing()
            texts.computeIfAbsent(text, { [] }) << "${artifact.artifactId}: ${entry.name}".toString()
        }
    }
}

def bar = '=' * 78
def out = new StringBuilder("""\
What ${project.artifactId} is shipped with. It is itself under the Apache License 2.0, the first text below.

The Java runtime in an image's /opt/java is OpenJDK: GPL-2.0 with the Classpath Exception; its texts and those of its
parts are in /opt/java/legal. The C library is Debian's libc6 (LGPL-2.1-or-later); sources: Debian's package glibc.

Libraries, and the licences that their authors name:

${list}
Where their authors have these licences:

${addresses.collect { licence, address -> "${licence}: ${address}\n" }.join()}
Their sources are published beside their jars, under the same coordinates, in Maven's central repository.

Texts, as the libraries bring them:
""")
out << "\n${bar}\npptp-operator: LICENSE\n${bar}\n${new File(session.request.multiModuleProjectDirectory, 'LICENSE').text.stripTrailing()}\n"
texts.each { text, places -> out << "\n${bar}\n${places.join('\n')}\n${bar}\n${text}\n" }

[new File(project.build.directory, 'THIRD-PARTY.txt'), new File(project.build.outputDirectory, 'META-INF/THIRD-PARTY.txt')].each {
    it.parentFile.mkdirs()
    it.setText(out.toString(), 'UTF-8')
}
