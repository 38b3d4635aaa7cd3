"""The built-in categories and the extensions they hold: data only.

Each extension is in one category, the one where its owner would look for it. Extensions are
lower-case and without the first dot; parts of a split file (`.002`, `.7z.003`) are looked up as
`001` and by what they are parts of.
"""

from collections.abc import Mapping
from typing import Final

_PACKERS: Final = ("gz", "bz2", "xz", "zst")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _packed(text: str) -> tuple[str, ...]:
    """Return each extension as compressed alone; what is not listed here counts as an archive."""
    return tuple(f"{word}.{packer}" for word in text.split() for packer in _PACKERS)


OTHER: Final = "Other"

CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = {
    # `.pub` is Publisher's: the public keys of SSH are known by their whole names.
    "Documents": (
        *_words("""
            pdf doc docx docm dot dotx dotm odt ott fodt odm oth rtf txt text md markdown mdown mkd
            mdx rst adoc asciidoc org textile wiki mediawiki tex latex ltx bib bst cls sty dtx ins
            lyx texi texinfo typ pages wpd wps wpt wp wp5 wp6 wri sxw stw sxg sdw vor hwp hwpx hwt
            abw zabw kwd lwp mcw xps oxps ps pub p65 pm6 pmd fm mif book dvi pdfxml xfdf fdf xfa one
            onepkg onetoc2 enex notes nfo diz 1st readme ans etx gdoc gdraw gform gsite quip paper
            docxf oform uot uof dita ditamap docbook sgm sgml troff roff rtx odf mml jtd jtt
            ichitaro apkg colpkg note goodnotes notability textbundle textpack bean rtfd fountain
            fdx celtx scriv trelby opml oldreader ris enw ciw nbib enl
        """),
        *_packed("ps pdf"),
    ),
    # `.csv` opens in a spreadsheet, `.csv.gz` does not.
    "Spreadsheets": _words("""
        xls xlsx xlsm xlsb xlt xltx xltm xla xlam xlw xlr ods ots fods csv tsv tab numbers gnumeric
        sxc stc sdc wk1 wk3 wk4 wks wq1 wq2 wb1 wb2 qpw et ett slk sylk dif gsheet uos pxl nxl tmvt
        xlk
    """),
    # `.key` is Keynote's: private keys are mostly `.pem`.
    "Presentations": _words("""
        ppt pptx pptm pot potx potm pps ppsx ppsm ppa ppam odp otp fodp key keynote kth sxi sti sdd
        sdp gslides uop dps dpt show shw prz pez sldx sldm thmx nxt hpt shf
    """),
    "Diagrams": _words("""
        vsd vsdx vsdm vss vssx vssm vstx vstm vdx vsx vtx drawio dia puml plantuml mmd gv graphml
        gml tgf xmind mm mmap mindnode opmind smmx km emmx eddx graffle gstencil excalidraw odg otg
        fodg sxd bpmn dmn archimate lucid gliffy mdzip uml mpp mpt gan planner pod
    """),
    "Books": _words("""
        epub kepub kepub.epub mobi azw azw1 azw3 azw4 azw8 kf8 kfx kpf prc fb2 fb2.zip fbz lit lrf
        lrx lrs ibooks iba tcr snb pml pmlz djvu djv cbr cbz cb7 cbt cba cbc acsm oeb opf xeb ceb
        chm tpz tr2 tr3
    """),
    # With the raw formats of cameras, and the sidecars that say how to develop them.
    "Images": (
        *_words("""
            jpg jpeg jpe jfif jfi jif jps mpo png apng mng jng gif bmp dib rle tif tiff webp heic
            heif heics heifs hif avif avifs avci jxl jp2 j2k jpf jpx jpm jpc j2c jph jhc jxr wdp hdp
            svg svgz ico cur ani icns tga icb vda pcx dcx ppm pgm pbm pnm pam xbm xpm xwd wbmp ras
            sun sgi rgb rgba bw iff lbm ilbm pict pct pic pcd qtif qti emf wmf emz wmz cgm exr hdr
            rgbe dds ktx ktx2 pvr astc basis vtf flif bpg qoi ff farbfeld cin dpx pix jbig jbg jbig2
            jb2 fpx pspimage mac g3 fax insp jpg_large jpeg_large jpg_original jpg_orig jpg-large
            jpegl awd cut ecw gfa raw cr2 cr3 crw nef nrw arw srf sr2 srw orf ori raf rw2 rwl rwz
            pef ptx dng dcr dcs kdc k25 mrw x3f x3i erf mef mos iiq 3fr fff cap eip bay drf gpr pxn
            mdc ari cine bmq cs1 qtk rdc lri xmp aae thm dop pp3 arp cos vrd on1 nksc rwsidecar
        """),
        *_packed("svg"),
    ),
    # Working files of picture and layout programs; finished pictures are Images.
    "Design": (
        *_words("""
            psd psb pdd psdt ai ait eps epsf epsi xcf xcfgz kra krz ora clip lip sai sai2 mdp pdn
            afphoto afdesign afpub aftemplate afassets afbrush sketch fig figma jam xd indd indt
            indb idml idms inx icml qxd qxp qxt cdr cdrx cdt cmx csl cpt cvx fh fh11 fla xfl
            procreate brushset brush swatches aco ase act acb abr atn asl grd pat ggr gpl gbr gih
            kpp psp psptube pspbrush spp sla scd sld ufp rif art reb pxm pxd pixelmator vectornator
            curve svgx icc icm cube 3dl look mga lrtemplate lrcat lrprev lrdata lut csp penpot
            lunacy framer principle flinto rp uxf balsamiq bmml
        """),
        *_packed("xcf"),
    ),
    "Fonts": _words("""
        ttf otf ttc otc woff woff2 eot pfa pfb pfm afm fon fnt dfont suit bdf pcf snf psf psfu sfd
        sfdir ufo ufoz glyphs glyphspackage vfb vfc vfj compositefont ttx amfm fot pmt tfm chr
        designspace fea
    """),
    # `.mod` is a tracker's module: camcorders have long since stopped writing them.
    "Audio": _words("""
        mp3 mp2 mp1 mpa m4a m4b m4p m4r aac adts flac oga ogg opus spx wav wave bwf rf64 w64 aif
        aiff aifc au snd wma asx wax wv wvc ape apl alac tta tak ofr ofs mpc mp+ shn ac3 eac3 ec3
        dts dtshd mlp thd amr awb 3ga qcp evrc gsm dss ds2 dvf msv vox voc ra ram rmj caf cda dsf
        dff dsd wsd sacd mka weba aa aax aaxc xmf mxmf imy rtttl mid midi kar rmi smf mod xm it s3m
        stm mtm far ult med okt ptm umx mo3 sid psid nsf nsfe spc gym vgm vgz ay ahx hvl sap sc68
        sndh ym psf2 minipsf usf dsf2 2sf hes kss m3u m3u8 pls xspf wpl zpl b4s aimppl aimppl4 sf2
        sf3 sfz sfark gig dls nki nkx nkm nkc exs exs24 fxp fxb vstpreset aupreset rx2 acid apc oma
        aa3 at3 at9 brstm bcstm bfstm adx hca fsb xwma xwm wem bnk sd2 sds svx 8svx iklax ivs mmf
        mpga nmf pcm
    """),
    # `.ts` is a recording: TypeScript lives in projects, which are left whole. `.mts` likewise.
    "Video": _words("""
        mp4 m4v mp4v mov qt avi divx xvid mkv mk3d webm wmv wm wmx wvx asf flv f4v f4p swf mpg mpeg
        mpe mp2v m1v m2v mpv m2p mpv2 mpeg4 m2t m2ts mts ts tp trp vob vro ifo bup evo 3gp 3gpp 3g2
        3gp2 3gpp2 ogv ogm ogx rm rmvb rv amv mtv dv hdv mxf gxf mj2 mjpg mjpeg mjp y4m yuv ivf h261
        h263 h264 avc h265 hevc h266 vvc av1 obu bik bk2 smk roq fli flc viv nsv nut nuv wtv dvr-ms
        dvrms rec dav dvr ismv isma f4f braw r3d crm ale insv lrv glv moi tod m21 mp21 xesc camrec
        camproj trec wrf arf webex gifv mpls clpi bdmv bdm cpi pmf usm thp 60d ssif swi vid vivo vp6
        vp7 vp8 vp9 xmv qtz lsf lsx ivr jmv k3g skm svi zm1
    """),
    "Subtitles": _words("""
        srt ssa ass sub idx vtt sbv smi sami ttml dfxp itt mpl mpl2 pjs jss sup lrc scc mcc ebu pac
        rt aqt gsub lrcx elrc qttext webvtt ytt
    """),
    "Media projects": _words("""
        prproj prel ppj aep aepx aet mogrt veg vegas vf kdenlive mlt osp shotcut fcpxml fcpxmld
        fcpbundle fcp imovieproj imovielibrary drp dra drt wlmp mswmm vpj wfp wve pds pdr vsp
        dvdproj avs vpy edl otio aaf omf hfp movieplus blendproj als alp adg adv amxd flp fst logicx
        logic band gbproj cpr npr vstproject ptf pts rpp rpp-bak rtracktemplate aup aup3 sesx ses
        omg reason rns rps song studioone multi ardour mmp mmpz bwproject bwpreset xrns cwp cwb wrk
        acd sng caustic ens dawproject zynproj vprj s5p ust ustx vsq vsqx vpr obsproj
    """),
    "Sheet music": _words("""
        mscz mscx musicxml mxl sib ly ily abc gp gp3 gp4 gp5 gp7 gtp ptb tg tef mus musx ove nwc
        nwctxt enf dorico capx mei krn bww tux etf
    """),
    "Archives": (
        *_words("""
            zip zipx 7z s7z rar rev tar tgz taz tbz tbz2 tb2 txz tzst tlz tzo gz gzip bz bz2 bzip2
            xz lz lz4 lzma lzo lzh lha lzx zst zstd z br sz ace arj arc ark cab cpio shar ar zoo
            zpaq paq8 alz egg sit sitx sea hqx pit dar sqx uha uc2 ice kgb pea pax partimg wim swm
            esd xar mar rpa par par2 001 cbp bzip gza lbr lqr r0 rk rnc rz sparse squashfs xip xp3
            yz1 zi zz jgz b1 b64 uu uue xxe mim gca ha hki hpk imp nar sbx sda sen sfs shk yzip bga
            boz c10 car ecs fp8 ipg z7z tar.gz tar.bz2 tar.xz tar.zst tar.lz tar.lz4 tar.lzma
            tar.lzo tar.sz tar.z tar.br tar.7z
        """),
        *_packed("cpio"),
        # The volumes of old split RAR and ZIP sets; Z64 is a Nintendo 64 game.
        *(f"r{n:02}" for n in range(100)),
        *(f"z{n:02}" for n in range(1, 64)),
    ),
    "Backups": _words("""
        bak bkp bkf bkup backup old orig save sav~ bck gho ghs tib tibx tis v2i pbd mrimg mrbak vbk
        vib vrb vbm adi bpn fbk fbc fbw ab nb7 nbu spb spba ipd bbb nbf crypt12 crypt14 crypt15 gbk
        dsb qic rbf wbk asd wbcat ldabak dbk sbf tmb abbu icbu mdbackup mbdb
    """),
    # A CD is `.cue` with `.bin`; Macs install from `.dmg`, but it is an image all the same.
    "Disk images": (
        *_words("""
            iso img ima imz dmg sparseimage sparsebundle toast bin cue ccd mds mdf nrg isz uif daa
            bwi bwt bwa b5t b5i b6t b6i cdi c2d pdi p01 pxi gi gbi ciso udf wux vhd vhdx vmdk vdi
            vbox vbox-extpack vmx vmxf vmsd vmsn vmss vmem nvram qcow qcow2 qcow3 qed hdd hds pvm
            pvs utm ova ovf avhd avhdx vfd dsk adf adz dms d64 d71 d81 g64 d88 st msa fdi ipf td0
            imd xdf po 2mg nib woz aff e01 ex01 l01 s01 ad1 dd vcd rootfs ubi simg wic hddimg gcd l0
        """),
        *_packed("img iso raw qcow2 vmdk vhd"),
        "img.zip",
    ),
    # What runs, installs or is loaded by what runs; scripts are Code.
    "Programs": _words("""
        msp exe msi msix msixbundle appx appxbundle appxupload mst msu com scr pif cpl app action
        workflow pkg mpkg deb udeb ddeb rpm src.rpm drpm apk apks apkm xapk aab ipa ipsw appimage
        flatpak flatpakref flatpakrepo snap run bundle jar war ear jnlp jad jmod class dex odex vdex
        oat so dll ocx drv sys vxd ax acm efi dylib kext framework prefpane saver wdgt gadget xpi
        crx crx3 nex oex safariextz vsix nupkg whl gem egg-info pkg.tar.gz pkg.tar.xz pkg.tar.zst
        xbps eopkg tcz ebuild pisi slp wgt tpk hap sis sisx cod alx xex out o ko a lib dsym wasm wat
        pyc pyo pyd beam hex uf2 dfu fw vst vst3 component clap lv2 8bf 8bx oxt alfredworkflow
        shortcut bix mui manifest inf cat air axf crate
    """),
    # With style sheets and notebooks. `.m` is Objective-C or MATLAB, `.r` is R, `.pl` is Perl.
    "Code": _words("""
        py pyw pyi pyx ipynb rpy js mjs cjs jsx min.js user.js user.css min.css d.ts d.mts d.cts tsx
        cts coffee litcoffee ls es6 vue svelte astro css scss sass less styl stylus pcss postcss php
        php3 php4 php5 php7 php8 phtml phps c h cc cpp cxx c++ cp hh hpp hxx h++ inl ipp tpp txx tcc
        ino pde cs csx vb vbs vbe vba bas frm frx ctl fs fsi fsx fsscript java jav groovy gvy gradle
        kt kts scala sc sbt clj cljs cljc cljx edn go rs swift m nim nims zig d di cr rb erb rbw
        rake gemspec ru podspec pl pm t xs raku rakumod p6 lua luau moon tcl tk itcl exp r rmd rnw
        qmd jl f f77 f90 f95 f03 f08 for ftn fpp ada adb ads pas pp dpr dpk lpr lfm dfm asm s nasm
        a51 inc lst hs lhs hsc purs elm ml mli mll mly re rei erl hrl ex eex heex leex lisp lsp cl
        el elc scm ss rkt fnl hy pro prolog mercury dart gd gdshader tscn tres cob cbl cobol cpy
        abap rpg rpgle clle jcl rexx rex bqn k q sh bash zsh fish ksh csh tcsh command bat cmd btm
        ps1 psm1 psd1 ps1xml nu awk gawk sed mk mak make cmake bazel bzl ninja meson build gn gni
        nix dockerfile containerfile vagrantfile jenkinsfile tf tfvars hcl bicep rego proto thrift
        capnp fbs graphql gql avdl idl odl wsdl xsd dtd rng xsl xslt xq xql xqy xquery jsp jspx jspf
        jstl asp aspx ascx ashx asmx cshtml vbhtml razor ejs hbs handlebars mustache pug jade haml
        slim twig liquid njk jinja jinja2 j2 tpl tmpl ftl vm glsl vert frag geom tesc tese comp hlsl
        fx fxh cg shader wgsl metal cu cuh sv svh vhdl v verilog xdc ucf qsf sol vy move cairo
        applescript scpt scptd ahk au3 a3x iss nsi nsh patch diff rej ipch sln csproj vbproj fsproj
        vcxproj vcproj xcodeproj xcworkspace pbxproj storyboard xib iml ipr iws code-workspace
        sublime-project mo xlf xliff resx resw qm l y yy map lex flex bison g4 antlr jq sparql
        cypher ql kql hx as actionscript wren janet idr agda lagda lean coq thy tla dfy bal odin jai
        vala vapi gs pwn sma sp uc qc acs
    """),
    "Web pages": _words("""
        html htm xhtml xht shtml shtm mht mhtml maff webarchive webarchivexml warc wacz wbn har
        htmls dhtml htc htx rss atom webmanifest warc.gz warc.bz2 warc.xz warc.zst
    """),
    "Configuration": _words("""
        ini cfg conf config cnf yaml yml toml properties prefs plist reg env editorconfig gitignore
        gitattributes dockerignore npmrc service socket timer target mount rules inputrc vim vimrc
        emacs zshrc bashrc profile theme themepack deskthemepack icls itermcolors terminal
        mobileconfig ovpn wg nmconnection ppd cson hjson json5 jsonc ron dhall jsonnet libsonnet kdl
        sublime-settings sublime-keymap tmlanguage tmtheme tmpreferences tmsnippet tnsnames
        xdefaults xresources aux_config gpo pol admx adml msc adm lock setting settings option
        options
    """),
    # Tables and trees for programs to read; `.dat` may be anything and is data at least.
    "Data": (
        *_words("""
            pkl json jsonl ndjson jsonld topojson xml dat data parquet pq feather arrow ipc avro orc
            msgpack mpk cbor bson ubj smile protobuf txtpb textproto prototxt pickle pck npy npz
            zarr asn1 rdf ttl nt n3 nq trig owl obo ttlx pcap pcapng etl blf trc mf4 mdf4 psv ssv
            dsv fwf prn tdms lvm dict dic tmx tbx sdltm wordlist hdt arff libsvm tfrecord tfrecords
            jsonlines ldjson ldif xbrl xfdl xdp dtsx gexf gdf paj
        """),
        *_packed("csv tsv json jsonl ndjson xml pcap pcapng"),
    ),
    "Databases": (
        *_words("""
            sql db db3 sqlite sqlite3 sqlitedb s3db sl3 db-wal db-shm sqlite-wal sqlite-shm
            sqlite-journal db-journal mdb accdb accde accdr accdt mde adp laccdb ldb ndf ldf dbf dbt
            fdb ib odb fp3 fp5 fp7 fmp12 ntf myd myi ibd ibdata dump rdb duckdb realm edb sdb sqlpro
            tdb wdb udl pdx fic btr daconnections cdb dacpac bacpac kexi kexic
        """),
        *_packed("sql sqlite db dump"),
        "sql.zip",
    ),
    "Logs": (
        *_words("log evt evtx dmp mdmp crash ips stackdump trace journal err clog binlog"),
        *_packed("log"),
    ),
    "Email": (
        *_words("""
            eml emlx emlxpart msg oft pst ost mbox mbx mbs mail tnef olm olk14message olk15message
            dbx nws rge pab wab nk2 mse pmm cnm snm msf bigmbox tbb pmr
        """),
        *_packed("mbox"),
    ),
    "Calendars and contacts": _words("""
        ics ical ifb icalendar vcs vcal hol vcf vcard contact contact2 group abcdp abook vnt vmg
        hcard jcal jcard pkpass pkpasses
    """),
    "Finance": _words("""
        qif ofx qfx qbo qbw qbb qbm qba qby qbx qdf qdata qel iif gnucash gnca kmy skg mny mnyx
        mt940 mt942 sta camt camt053 bai bai2 aqb ynab4 ledger hledger beancount dtaus xaf tax
        tax2015 tax2016 tax2017 tax2018 tax2019 tax2020 tax2021 tax2022 tax2023 tax2024 tax2025 t14
        t15 t16 t17 t18 t19 t20 t21 t22 t23 t24 elfo sie moneydance mbsx
    """),
    # Certificates, keys, safes, what is encrypted or signed, and checksums.
    "Security": _words("""
        cert lic pem crt cer der p7b p7c p7m p7s p8 p10 p12 pfx csr crl pvk ppk keystore jks jceks
        bks truststore kdb kdbx kdbx4 psafe3 1pif 1pux opvault agilekeychain keychain wallet gpg pgp
        asc sig sign skr pkr minisig age enc aes crypt axx hc tc veracrypt p2p keyfile key3
        mobileprovision provisionprofile tgpg sec snk publickey openssh md5 sha1 sha224 sha256
        sha384 sha512 sha3 b2 blake2 b3 blake3 xxh xxh64 crc crc32 sfv md5sum sha1sum sha256sum
        sha512sum b2sum b3sum hash checksum checksums cksum fva vault cryptomator
    """),
    "Torrents": _words("torrent magnet nzb metalink meta4 fastresume dlc ccf rsdf ed2k"),
    # `.desktop` and friends: small files that only point elsewhere.
    "Shortcuts": _words("""
        lnk url website webloc desktop inetloc fileloc mailloc ftploc afploc rdp rdg remmina ica vnc
        nfsloc symlink alias library-ms search-ms appref-ms savedsearch webbookmark crdlink glink
        scf dynamics
    """),
    # `.gpx` is a track, though Guitar Pro wrote such tabs too; `.pbf` is OpenStreetMap.
    "Maps": (
        *_words("""
            gpx kml kmz shp shx prj sbn cpg qix qpj shp.xml aux.xml geojson geojsonl fgb gpkg osm
            osm.pbf pbf osc o5m mbtiles pmtiles gdb wld tfw jgw pgw bpw geotiff gtiff cog vrt hgt
            dt0 dt1 dt2 dem bil bip bsq flt las laz e57 copc mxd mxt aprx lyr lyrx mapx ppkx qgs qgz
            qml qlr qpt style fit tcx plt rte trk loc ov2 itn poi mps sgrd nmea igc kap kmx oziexp
            imgmap e00 citygml
        """),
        *_packed("gpx geojson osm"),
    ),
    "Science": (
        *_words("""
            mat sas7bdat sas7bcat xpt sd7 por zsav spv sps dta do ado smcl rdata rda rds rdx rproj
            nb cdf nc nc4 hdf hdf4 hdf5 he5 h5 h5ad loom root fits fts grib grb grib2 grb2 bufr nii
            nii.gz mgz mgh mnc dcm dicom nrrd nhdr mha mhd czi lif nd2 oib oif lsm vsi svs ndpi scn
            mrxs ome mrc mrcs dm3 dm4 ser tvips emd spe edf set vhdr vmrk eeg cnt c3d fa fasta fna
            ffn faa frn fastq fq sam bam cram crai bcf gff gff3 gtf bed bedgraph bigwig bigbed 2bit
            gbff genbank embl ab1 abi sra maf phd nwk newick phy tree aln clustal sto hmm pdb cif
            mmcif ent mol mol2 sdf smiles inchi cml cdx cdxml rxn skc xyz gro top xtc dcd prmtop
            inpcrd cub fchk gjf chk mzml mzxml mgf wiff jdx dx mtx mws mw sage ggb ggt jasp jmp omv
            opj opju ogw pzf pzfx vi llb vit slx mlx mlapp mexw64 mexa64 ork vtk vtu vtp vti vts vtr
            pvd pvtu foam msh cas inp rth wbpj mph fit.gz fit.bz2 fit.xz fit.zst xdmf silo exo
        """),
        *_packed("fits nc mtx fa fasta fastq fq sam vcf gff gff3 gtf bed pdb cif sdf"),
    ),
    "AI models": _words("""
        safetensors gguf ggml ggmf ggjt pt pth ckpt onnx ort tflite lite pb mlmodel mlpackage
        mlmodelc keras caffemodel pdparams pdmodel engine plan trt nemo llamafile lora joblib pmml
        params ncnn rknn om task spm
    """),
    # Models and drawings to build from. `.3ds` was 3D Studio before it was a console.
    "3D and CAD": _words("""
        stl obj mtl fbx dae 3ds 3mf amf ply gltf glb usd usda usdc usdz blend blend1 blend2 max ma
        mb c4d lwo lws lxo hip hipnc hiplc bgeo vdb x3d x3db x3dv wrl vrml wrz skp skb layout 3dm
        3dmbak rvt rfa rft ifc ifczip ifcxml nwd nwf dwg dxf dwt dws dwf dwfx dgn dxb sv$ step stp
        p21 stpz iges igs sat sab x_t x_b xmt_txt xmt_bin jt prt psm dft sldprt sldasm slddrw slddrt
        ipt iam idw ipn catpart catproduct catdrawing cgr model 3dxml f3d f3z f2d fcstd fcstd1 scad
        gcode gco tap ngc cnc g bgcode ctb cbddlp photon sl1 chitubox lys qb zpr ztl zbp sbs sbsar
        sbsprs u3d off pmx vmd vrm md2 md3 md5mesh md5anim smd mdl nif bvh iqm ms3d b3d irr tin skel
        duf pz3 pp2 lwf brd sch kicad_pcb kicad_sch kicad_pro kicad_mod kicad_sym kicad_wks pcbdoc
        schdoc prjpcb gbrjob ger gtl gts gto gbl gbs gbo gko gm1 drl xln dsn fzz fzpz pcb dip cir
        spice net sym cdw m3d frw a3d sh3d sh3f sweethome3d pln pla cel archicad crv3d crv vcarve
        lbrn lbrn2 dst pes pec jef hus vip vp3 xxx sew pcs
    """),
    # ROMs, what games are made of, and what they save: `.sav` is a game before it is SPSS.
    "Games": _words("""
        sav rom nes fds unf unif sfc smc swc gb gbc gba agb sgb nds dsi ids srl cia 3dsx cci n64 z64
        v64 u64 ndd gcm gcz rvz wbfs wad wia wud wua rpx nsp nsz xci xcz nro nca cso pbp chd gdi gen
        32x sms gg sg pce sgx ngp ws wsc lnx a26 a52 a78 j64 jag col int vec tzx z80 sna szx t64 prg
        p00 x64 atr xfd mgt trd scl vpk pup rap edat xiso xbe srm eep duc state st0 ss0 savegame gci
        mcr mcd mc vmp psu vms vmu ess fos skse esp esm esl bsa ba2 pak pk2 pk3 pk4 pkz bsp wl6 gcf
        ncf vdf acf mcpack mcworld mcaddon mctemplate mcstructure mcmeta mca schem schematic
        litematic nbt minecraft unity unitypackage asset assets prefab uasset umap uproject uplugin
        utoc ucas godot gdns rpgproject rgss3a rgssad rpgsave rvdata2 rmmzsave sc2map sc2replay w3x
        w3m w3g rep scx osr osz osk osu osb stepmania ssc pgn epd sgf fen bps ups xdelta xdelta3
        vcdiff ppf cht tmod jkr love blorb zblorb gblorb z3 z5 z8 ulx gam t3 taf wotreplay rofl
        dm_68 dm2 forge package ts4script sims3pack sims2pack tray tf2 dmm gma vmf vmt vpcf mix big
    """),
}

_NAMES: Final = {
    "Documents": """
        readme license licence copying copyright authors contributors credits maintainers changelog
        changes history news notice thanks todo install
    """,
    "Code": """
        makefile gnumakefile bsdmakefile dockerfile containerfile cmakelists.txt gemfile
        gemfile.lock rakefile guardfile capfile podfile podfile.lock fastfile appfile brewfile
        jenkinsfile vagrantfile procfile justfile taskfile tiltfile earthfile snakefile caddyfile
        sconstruct sconscript wscript kconfig pkgbuild pipfile pipfile.lock cargo.lock poetry.lock
        uv.lock yarn.lock flake.lock composer.lock go.mod go.sum requirements.txt constraints.txt
        configure gradlew mvnw codeowners
    """,
    "Web pages": "robots.txt humans.txt security.txt ads.txt sitemap.xml",
    "Configuration": "fstab crontab hosts sshd_config ssh_config sudoers",
    "Logs": "syslog dmesg messages",
    "Email": "winmail.dat",
    "Security": """
        id_rsa id_ed25519 id_ecdsa id_dsa id_rsa.pub id_ed25519.pub id_ecdsa.pub id_dsa.pub
        known_hosts authorized_keys wallet.dat md5sums sha1sums sha256sums sha512sums md5sums.txt
        sha1sums.txt sha256sums.txt sha512sums.txt
    """,
}

WHOLE_NAMES: Final[Mapping[bytes, str]] = {
    name.encode(): category for category, names in _NAMES.items() for name in names.split()
}
"""Names, lower-case, that say by themselves what the file is, whatever their extension."""
