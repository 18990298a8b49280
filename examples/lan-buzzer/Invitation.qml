// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Layouts
import ExampleKit
import LanBuzzer

/// How others come in: a QR code for phones, an address and a code for those who type. And whether
/// they can, which is for the host to say.
Rectangle {
    id: invitation

    property string code
    /// As in http://192.168.1.5:8080
    property string address
    property bool isOpen: false
    property string failure
    /// With the code behind the #, which browsers don't send: it is in no log.
    readonly property string link: invitation.address + "/#" + invitation.code

    signal openRequested()
    signal closeRequested()

    color: Theme.panel

    ColumnLayout {
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 28 }
        spacing: 12

        Rectangle {
            Layout.alignment: Qt.AlignHCenter
            implicitWidth: 224
            implicitHeight: 224
            radius: Theme.radius
            color: invitation.isOpen ? "#ffffff" : Theme.field
            border.color: Theme.line

            QrCode {
                visible: invitation.isOpen
                anchors { fill: parent; margins: 6 }
                text: invitation.isOpen ? invitation.link : ""
                Accessible.role: Accessible.Graphic
                Accessible.name: qsTr("QR code of %1").arg(invitation.link)
            }
            Icon {
                visible: !invitation.isOpen
                anchors.centerIn: parent
                width: 64
                height: 64
                name: "people"
                strokeWidth: 1.3
            }
        }
        PlainText {
            Layout.fillWidth: true
            Layout.topMargin: 4
            text: invitation.isOpen ? qsTr("Scan, or open in a browser")
                                    : qsTr("Nobody else can join yet")
            horizontalAlignment: Text.AlignHCenter
            color: invitation.isOpen ? Theme.muted : Theme.text
            font.weight: invitation.isOpen ? Font.Normal : Font.Bold
        }
        PlainText {
            objectName: "address"
            Layout.fillWidth: true
            visible: invitation.isOpen
            text: invitation.address.replace("http://", "")
            horizontalAlignment: Text.AlignHCenter
            font { pixelSize: Theme.titleSize; weight: Font.Bold }
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 11
        }
        RowLayout {
            Layout.alignment: Qt.AlignHCenter
            visible: invitation.isOpen
            spacing: 10
            PlainText {
                text: qsTr("Code")
                color: Theme.muted
            }
            Rectangle {
                implicitWidth: code.implicitWidth + 24
                implicitHeight: 36
                radius: 12
                color: Qt.alpha(Theme.accentText, 0.14)
                PlainText {
                    id: code
                    objectName: "code"
                    anchors.centerIn: parent
                    text: invitation.code
                    color: Theme.accentText
                    font { pixelSize: 20; weight: Font.Bold; letterSpacing: 3 }
                }
            }
        }
        PlainText {
            Layout.fillWidth: true
            text: invitation.failure !== "" ? invitation.failure
                : invitation.isOpen ? qsTr("Everybody in this network can join.")
                                    : qsTr("The server in this program listens to this machine alone, until you let the network in.")
            color: invitation.failure !== "" ? Theme.dangerText : Theme.muted
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            font.pixelSize: Theme.smallSize
            lineHeight: 1.2
        }
        TextButton {
            objectName: "openButton"
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: 4
            visible: !invitation.isOpen
            filled: true
            text: qsTr("Let the network in")
            onClicked: invitation.openRequested()
        }
        TextButton {
            objectName: "closeButton"
            Layout.alignment: Qt.AlignHCenter
            visible: invitation.isOpen
            text: qsTr("Keep others out")
            onClicked: invitation.closeRequested()
        }
    }
    Rectangle {
        anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
        width: 1
        color: Theme.line
    }
}
